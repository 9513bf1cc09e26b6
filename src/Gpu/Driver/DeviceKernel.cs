namespace Involute.Gpu.Driver;

/// <summary>A kernel of a module, with the dynamic shared memory that its launches have.</summary>
internal sealed unsafe class DeviceKernel
{
    private readonly Device _device;

    internal DeviceKernel(Device device, nint function, string entry, int dynamicSharedBytes)
    {
        _device = device;
        Function = function;
        Entry = entry;
        DynamicSharedBytes = dynamicSharedBytes;
    }

    public string Entry { get; }

    public int DynamicSharedBytes { get; }

    internal nint Function { get; }

    /// <summary>How many blocks of so many threads a multiprocessor runs at once.</summary>
    public int BlocksPerMultiprocessor(int threads)
    {
        _device.Enter();
        int blocks;
        _device.Check(_device.Functions.BlocksPerMultiprocessor(&blocks, Function, threads, (nuint)DynamicSharedBytes), $"places of {Entry}");
        return blocks;
    }
}
