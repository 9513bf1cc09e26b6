using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Involute.Gpu.Driver;

/// <summary>The kernels of one PTX text, which the driver compiled for its card.</summary>
internal sealed unsafe class DeviceModule
{
    /// <summary>CUfunction_attribute: most dynamic shared bytes of a launch; percentage of the memory beside the first cache that
    /// is shared memory.</summary>
    private const int MaxDynamicShared = 8, SharedCarveout = 9;

    /// <summary>CUjit_option: buffer for the compiler's errors, and its bytes.</summary>
    private const int ErrorLog = 5, ErrorLogBytes = 6, LogBytes = 4096;

    private readonly Device _device;
    private readonly string _name;
    private readonly ConcurrentDictionary<(string Entry, int Shared), DeviceKernel> _kernels = new();
    private readonly ConcurrentDictionary<string, int> _mostShared = new(StringComparer.Ordinal);
    private readonly Lock _finding = new();

    private DeviceModule(Device device, string name, nint handle)
    {
        _device = device;
        _name = name;
        Handle = handle;
    }

    /// <summary>The version of PTX that the kernels are in, and the oldest cards that take it: of all texts the same.</summary>
    public static string Language
    {
        get
        {
            var lines = Encoding.UTF8.GetString(Text("steps")).Split('\n');
            return $"PTX {Word(".version")} for {Word(".target")} and later";

            string Word(string directive) => lines.First(line => line.StartsWith(directive, StringComparison.Ordinal)).Split(' ', ',')[1].Trim();
        }
    }

    internal nint Handle { get; }

    /// <summary>A kernel by its name.</summary>
    /// <param name="entry">As the source has it.</param>
    /// <param name="dynamicSharedBytes">Shared memory of a block, beside what the kernel declares itself.</param>
    public DeviceKernel Kernel(string entry, int dynamicSharedBytes) =>
        _kernels.GetOrAdd((entry, dynamicSharedBytes), key =>
        {
            lock (_finding)
                return Find(key.Entry, key.Shared);
        });

    internal static DeviceModule Load(Device device, string name)
    {
        device.Enter();
        var text = Text(name);
        var log = new byte[LogBytes];
        nint handle;
        int result;
        fixed (byte* first = text, logged = log)
        {
            var options = stackalloc int[] { ErrorLog, ErrorLogBytes };
            var values = stackalloc nint[] { (nint)logged, LogBytes };
            result = device.Functions.ModuleLoadData(&handle, first, 2, options, values);
        }

        var length = log.AsSpan().IndexOf((byte)0);
        var said = Encoding.UTF8.GetString(log, 0, Math.Max(length, 0)).ReplaceLineEndings(" ").Trim();
        device.Check(result, said.Length == 0 ? $"loading the kernels '{name}'" : $"loading the kernels '{name}' ({said})");
        return new DeviceModule(device, name, handle);
    }

    private DeviceKernel Find(string entry, int dynamicSharedBytes)
    {
        _device.Enter();
        nint function;
        var name = Encoding.UTF8.GetBytes(entry + '\0');
        fixed (byte* first = name)
            _device.Check(_device.Functions.ModuleGetFunction(&function, Handle, first), $"finding kernel {entry} in '{_name}'");
        if (dynamicSharedBytes > 0)
        {
            // Launches of the same function with more shared memory, asked for before, must stay possible.
            var most = _mostShared.AddOrUpdate(entry, dynamicSharedBytes, (_, before) => Math.Max(before, dynamicSharedBytes));
            _device.Check(
                _device.Functions.FunctionSetAttribute(function, MaxDynamicShared, most),
                $"kernel {entry}: {dynamicSharedBytes} bytes of shared memory a block, of {_device.SharedBytesPerBlock}");
            _device.Check(_device.Functions.FunctionSetAttribute(function, SharedCarveout, 100), $"kernel {entry}: its share of the cache");
        }

        return new DeviceKernel(_device, function, entry, dynamicSharedBytes);
    }

    /// <summary>The text of a resource, with a zero byte behind it.</summary>
    private static byte[] Text(string name)
    {
        using var resource = typeof(DeviceModule).Assembly.GetManifestResourceStream($"Involute.Gpu.Kernels.{name}.ptx.gz")
            ?? throw new ArgumentException($"there are no kernels '{name}'", nameof(name));
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(resource, CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        unpacked.WriteByte(0);
        return unpacked.ToArray();
    }
}
