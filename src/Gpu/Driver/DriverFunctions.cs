using System.Runtime.InteropServices;

namespace Involute.Gpu.Driver;

/// <summary>
/// The functions of CUDA's driver that are used, under the names by which cuda.h binds them (CUDA 11.0 and later). Each
/// returns a CUresult, 0 for success.
/// </summary>
internal sealed unsafe class DriverFunctions
{
    public DriverFunctions(nint library)
    {
        Init = (delegate* unmanaged<uint, int>)Find(library, "cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Find(library, "cuDriverGetVersion");
        GetErrorName = (delegate* unmanaged<int, byte**, int>)Find(library, "cuGetErrorName");
        GetErrorString = (delegate* unmanaged<int, byte**, int>)Find(library, "cuGetErrorString");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Find(library, "cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Find(library, "cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find(library, "cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Find(library, "cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Find(library, "cuDeviceTotalMem_v2");
        PrimaryContextRetain = (delegate* unmanaged<nint*, int, int>)Find(library, "cuDevicePrimaryCtxRetain");
        PrimaryContextRelease = (delegate* unmanaged<int, int>)Find(library, "cuDevicePrimaryCtxRelease_v2");
        ContextSetCurrent = (delegate* unmanaged<nint, int>)Find(library, "cuCtxSetCurrent");
        ModuleLoadData = (delegate* unmanaged<nint*, byte*, uint, int*, nint*, int>)Find(library, "cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, int>)Find(library, "cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find(library, "cuModuleGetFunction");
        FunctionSetAttribute = (delegate* unmanaged<nint, int, int, int>)Find(library, "cuFuncSetAttribute");
        BlocksPerMultiprocessor = (delegate* unmanaged<int*, nint, int, nuint, int>)Find(library, "cuOccupancyMaxActiveBlocksPerMultiprocessor");
        MemoryAllocate = (delegate* unmanaged<ulong*, nuint, int>)Find(library, "cuMemAlloc_v2");
        MemoryFree = (delegate* unmanaged<ulong, int>)Find(library, "cuMemFree_v2");
        MemoryInfo = (delegate* unmanaged<nuint*, nuint*, int>)Find(library, "cuMemGetInfo_v2");
        HostAllocate = (delegate* unmanaged<nint*, nuint, uint, int>)Find(library, "cuMemHostAlloc");
        HostFree = (delegate* unmanaged<nint, int>)Find(library, "cuMemFreeHost");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Find(library, "cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Find(library, "cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Find(library, "cuStreamSynchronize");
        CopyToDevice = (delegate* unmanaged<ulong, nint, nuint, nint, int>)Find(library, "cuMemcpyHtoDAsync_v2");
        CopyToHost = (delegate* unmanaged<nint, ulong, nuint, nint, int>)Find(library, "cuMemcpyDtoHAsync_v2");
        CopyOnDevice = (delegate* unmanaged<ulong, ulong, nuint, nint, int>)Find(library, "cuMemcpyDtoDAsync_v2");
        FillBytes = (delegate* unmanaged<ulong, byte, nuint, nint, int>)Find(library, "cuMemsetD8Async");
        Launch = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Find(library, "cuLaunchKernel");
    }

    public delegate* unmanaged<uint, int> Init { get; }

    public delegate* unmanaged<int*, int> DriverGetVersion { get; }

    public delegate* unmanaged<int, byte**, int> GetErrorName { get; }

    public delegate* unmanaged<int, byte**, int> GetErrorString { get; }

    public delegate* unmanaged<int*, int> DeviceGetCount { get; }

    public delegate* unmanaged<int*, int, int> DeviceGet { get; }

    public delegate* unmanaged<byte*, int, int, int> DeviceGetName { get; }

    public delegate* unmanaged<int*, int, int, int> DeviceGetAttribute { get; }

    public delegate* unmanaged<nuint*, int, int> DeviceTotalMem { get; }

    public delegate* unmanaged<nint*, int, int> PrimaryContextRetain { get; }

    public delegate* unmanaged<int, int> PrimaryContextRelease { get; }

    public delegate* unmanaged<nint, int> ContextSetCurrent { get; }

    /// <summary>Module, text that ends with a zero byte, number of options, options, their values.</summary>
    public delegate* unmanaged<nint*, byte*, uint, int*, nint*, int> ModuleLoadData { get; }

    public delegate* unmanaged<nint, int> ModuleUnload { get; }

    public delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction { get; }

    public delegate* unmanaged<nint, int, int, int> FunctionSetAttribute { get; }

    public delegate* unmanaged<int*, nint, int, nuint, int> BlocksPerMultiprocessor { get; }

    public delegate* unmanaged<ulong*, nuint, int> MemoryAllocate { get; }

    public delegate* unmanaged<ulong, int> MemoryFree { get; }

    /// <summary>Unused bytes, all bytes.</summary>
    public delegate* unmanaged<nuint*, nuint*, int> MemoryInfo { get; }

    public delegate* unmanaged<nint*, nuint, uint, int> HostAllocate { get; }

    public delegate* unmanaged<nint, int> HostFree { get; }

    public delegate* unmanaged<nint*, uint, int> StreamCreate { get; }

    public delegate* unmanaged<nint, int> StreamDestroy { get; }

    public delegate* unmanaged<nint, int> StreamSynchronize { get; }

    public delegate* unmanaged<ulong, nint, nuint, nint, int> CopyToDevice { get; }

    public delegate* unmanaged<nint, ulong, nuint, nint, int> CopyToHost { get; }

    public delegate* unmanaged<ulong, ulong, nuint, nint, int> CopyOnDevice { get; }

    public delegate* unmanaged<ulong, byte, nuint, nint, int> FillBytes { get; }

    /// <summary>Function, grid (3), block (3), dynamic shared bytes, stream, addresses of the parameters, null.</summary>
    public delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> Launch { get; }

    private static void* Find(nint library, string name) => (void*)NativeLibrary.GetExport(library, name);
}
