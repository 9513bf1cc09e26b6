namespace Involute.Gpu.Driver;

/// <summary>Memory of a device. One that is dropped without <see cref="Dispose"/> is freed when it is collected.</summary>
internal sealed unsafe class DeviceBuffer : IDisposable
{
    private readonly Device _device;
    private ulong _address;

    internal DeviceBuffer(Device device, ulong address, long bytes)
    {
        _device = device;
        _address = address;
        Bytes = bytes;
    }

    ~DeviceBuffer() => Free();

    /// <summary>Where it begins, as kernels take it.</summary>
    public ulong Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(DeviceBuffer));

    public long Bytes { get; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>The address of a part, which must lie within.</summary>
    internal ulong Part(long byteOffset, long bytes)
    {
        if (byteOffset < 0 || bytes < 0 || byteOffset > Bytes - bytes)
            throw new ArgumentOutOfRangeException(nameof(byteOffset), $"bytes {byteOffset} to {byteOffset + bytes} of a buffer of {Bytes}");
        return Address + (ulong)byteOffset;
    }

    private void Free()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        // What a lost device says here, the call that lost it said.
        if (address != 0 && _device.IsOpen && _device.TryEnter())
            _ = _device.Functions.MemoryFree(address);
    }
}
