namespace Involute.Gpu.Driver;

/// <summary>
/// Memory of the host that the device reads and writes by itself, handed out from its beginning until it is all in use.
/// </summary>
internal sealed unsafe class PinnedMemory : IDisposable
{
    /// <summary>Parts begin at multiples of this.</summary>
    private const long Alignment = 256;

    private readonly Device _device;
    private nint _address;
    private long _used;

    public PinnedMemory(Device device, long bytes)
    {
        _device = device;
        Bytes = bytes;
        nint address;
        device.Enter();
        device.Check(device.Functions.HostAllocate(&address, (nuint)bytes, 0), $"{bytes} bytes of the host's memory for copies");
        _address = address;
    }

    public long Bytes { get; }

    /// <summary>A part that is not in use; false if there is none of this size.</summary>
    public bool TryTake(long bytes, out nint part)
    {
        part = _address + (nint)_used;
        if (bytes > Bytes - _used)
            return false;
        _used = Math.Min(Bytes, (_used + bytes + Alignment - 1) / Alignment * Alignment);
        return true;
    }

    /// <summary>Says that the device has done with all parts.</summary>
    public void Reuse() => _used = 0;

    public void Dispose()
    {
        if (_address != 0 && _device.IsOpen && _device.TryEnter())
            _ = _device.Functions.HostFree(_address);
        _address = 0;
    }
}
