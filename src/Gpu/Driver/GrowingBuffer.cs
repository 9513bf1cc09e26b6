namespace Involute.Gpu.Driver;

/// <summary>Memory of a device that is as large as what was last put there needs; it never gets smaller.</summary>
internal sealed class GrowingBuffer(Device device) : IDisposable
{
    private const long Least = 256;

    private DeviceBuffer? _buffer;

    /// <summary>Where it begins. May change when it grows.</summary>
    public ulong Address => Buffer.Address;

    /// <summary>The memory, at least <see cref="Least"/> bytes.</summary>
    public DeviceBuffer Buffer => _buffer ?? Sized(Least);

    /// <summary>At least so many bytes, of any content. No work that uses the memory may be on its way.</summary>
    public DeviceBuffer Sized(long bytes)
    {
        if (_buffer is null || _buffer.Bytes < bytes)
        {
            // A window of the same kind may be a little longer than the one before.
            var wanted = Math.Max(Least, bytes + (bytes / 4));
            _buffer?.Dispose();
            _buffer = null;
            _buffer = device.Allocate(wanted);
        }

        return _buffer;
    }

    /// <summary>Puts numbers there.</summary>
    public unsafe void Upload<T>(DeviceStream stream, ReadOnlySpan<T> values)
        where T : unmanaged =>
        stream.Upload(values, Sized((long)values.Length * sizeof(T)));

    /// <inheritdoc/>
    public void Dispose() => _buffer?.Dispose();
}
