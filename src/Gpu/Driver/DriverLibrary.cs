using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Involute.Gpu.Driver;

/// <summary>
/// A loaded driver: NVIDIA's, or the CPU in the place of a card. It is loaded when the first device is opened, and stays.
/// </summary>
internal sealed unsafe class DriverLibrary
{
    /// <summary>Where the CPU in the place of a card is, if it is not beside the program.</summary>
    public const string CpuVariable = "INVOLUTE_CPU_DEVICE";

    /// <summary>CUDA 11.0: the first whose drivers read PTX 7.0.</summary>
    private const int LeastVersion = 11000;

    private static readonly ConcurrentDictionary<string, DriverLibrary> Loaded = new(StringComparer.Ordinal);

    private DriverLibrary(string name, DriverFunctions functions, int version)
    {
        Name = name;
        Functions = functions;
        Version = (version / 1000, version % 1000 / 10);
    }

    /// <summary>As messages name it.</summary>
    public string Name { get; }

    public DriverFunctions Functions { get; }

    /// <summary>The newest CUDA that it knows.</summary>
    public (int Major, int Minor) Version { get; }

    /// <summary>The driver behind a device's name.</summary>
    /// <param name="deviceName"><c>cpu</c> or <c>cuda:N</c>.</param>
    /// <exception cref="DeviceException">It is not there, or too old.</exception>
    public static DriverLibrary Of(string deviceName) =>
        deviceName == DeviceName.Cpu ? Load(CpuPath, deviceName) : Load(CudaFile, deviceName);

    /// <summary>A driver of a file of one's own.</summary>
    public static DriverLibrary Load(string path, string deviceName) =>
        Loaded.TryGetValue(path, out var known) ? known : Loaded.GetOrAdd(path, Open(path, deviceName));

    /// <summary>Whether the CPU in the place of a card can be loaded.</summary>
    public static bool HasCpu => File.Exists(CpuPath);

    /// <summary>What <c>scripts/gpu-kernels cpu</c> made.</summary>
    public static string CpuPath => Environment.GetEnvironmentVariable(CpuVariable) is { Length: > 0 } said
        ? said
        : Path.Combine(AppContext.BaseDirectory, "libinvolute-cpu-device.so");

    /// <summary>CUDA's name of an error and its text.</summary>
    public string Describe(int error)
    {
        byte* name = null, text = null;
        _ = Functions.GetErrorName(error, &name);
        _ = Functions.GetErrorString(error, &text);
        return $"{Marshal.PtrToStringUTF8((nint)name) ?? $"CUDA error {error}"} ({Marshal.PtrToStringUTF8((nint)text) ?? "unknown"})";
    }

    private static string CudaFile => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    private static DriverLibrary Open(string path, string deviceName)
    {
        var cpu = deviceName == DeviceName.Cpu;
        if (!NativeLibrary.TryLoad(path, out var handle))
            throw new DeviceException(cpu
                ? $"device {deviceName}: {path} is not there; scripts/gpu-kernels cpu builds it, or {CpuVariable} says where it is"
                : $"device {deviceName}: NVIDIA's driver is not there ({path} cannot be loaded)");
        DriverFunctions functions;
        try
        {
            functions = new DriverFunctions(handle);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new DeviceException($"device {deviceName}: the driver is too old for CUDA 11.0, or is none ({OneLine(missing.Message)})");
        }

        var name = Path.GetFileName(path);
        var version = 0;
        var started = functions.Init(0);
        _ = functions.DriverGetVersion(&version);
        var library = new DriverLibrary(name, functions, version);
        if (started != 0)
            throw new DeviceException($"device {deviceName}: {name} cannot be started: {library.Describe(started)}", started);
        if (version < LeastVersion)
            throw new DeviceException(
                $"device {deviceName}: the driver is one of CUDA {library.Version.Major}.{library.Version.Minor}; 11.0 or later is needed");
        return library;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
