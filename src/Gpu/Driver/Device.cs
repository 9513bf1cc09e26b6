using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Involute.Gpu.Driver;

/// <summary>
/// A device on which inner problems can live: a card of NVIDIA's, or the CPU in the place of one. Nothing of a driver is loaded
/// before the first one is opened. All threads may use it.
/// </summary>
public sealed unsafe class Device : IDisposable
{
    /// <summary>CUdevice_attribute.</summary>
    private const int MultiprocessorCount = 16, CapabilityMajor = 75, CapabilityMinor = 76, SharedBytesOptIn = 97;

    /// <summary>The kernels are compiled for this capability and later ones.</summary>
    private const int LeastCapabilityMajor = 8;

    private readonly DriverLibrary _library;
    private readonly int _handle;
    private readonly ConcurrentDictionary<string, Lazy<DeviceModule>> _modules = new(StringComparer.Ordinal);
    private readonly Lazy<DeviceStream> _setup;
    private nint _context;

    private Device(string name, DriverLibrary library, int handle, nint context)
    {
        (Name, _library, _handle, _context) = (name, library, handle, context);
        _setup = new(() => new DeviceStream(this));
        var model = stackalloc byte[256];
        Check(Functions.DeviceGetName(model, 256, handle), "asking for its name");
        Model = Marshal.PtrToStringUTF8((nint)model) ?? "";
        nuint bytes;
        Check(Functions.DeviceTotalMem(&bytes, handle), "asking for its memory");
        MemoryBytes = (long)bytes;
        Multiprocessors = Attribute(MultiprocessorCount);
        SharedBytesPerBlock = Attribute(SharedBytesOptIn);
        Capability = (Attribute(CapabilityMajor), Attribute(CapabilityMinor));
    }

    /// <summary>As it was opened: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Name { get; }

    /// <summary>The model, as the driver names it.</summary>
    public string Model { get; }

    /// <summary>Memory of the device, in bytes.</summary>
    public long MemoryBytes { get; }

    /// <summary>Multiprocessors, each of which runs some blocks at once.</summary>
    public int Multiprocessors { get; }

    /// <summary>Shared memory that a block may have at most, in bytes.</summary>
    public int SharedBytesPerBlock { get; }

    /// <summary>CUDA's compute capability.</summary>
    public (int Major, int Minor) Capability { get; }

    /// <summary>The newest version of CUDA that its driver knows.</summary>
    public (int Major, int Minor) DriverVersion => _library.Version;

    internal DriverFunctions Functions => _library.Functions;

    internal bool IsOpen => _context != 0;

    /// <summary>Opens a device.</summary>
    /// <param name="name"><c>cpu</c>, or <c>cuda:N</c> with the number of a card.</param>
    /// <exception cref="DeviceException">There is no driver or no such device, or it is too old.</exception>
    public static Device Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return DeviceName.TryRead(name, out var ordinal)
            ? Open(name, DriverLibrary.Of(name), ordinal)
            : throw new DeviceException($"'{name}' names no device: {DeviceName.Allowed}");
    }

    /// <summary>How many cards NVIDIA's driver finds.</summary>
    internal static int CountCards()
    {
        var name = $"{DeviceName.CudaPrefix}0";
        var library = DriverLibrary.Of(name);
        int count;
        Check(library, name, library.Functions.DeviceGetCount(&count), "counting the cards");
        return count;
    }

    internal static Device Open(string name, DriverLibrary library, int ordinal)
    {
        int count, handle, major, minor;
        Check(library, name, library.Functions.DeviceGetCount(&count), "counting the cards");
        if (ordinal >= count)
            throw new DeviceException(count == 0
                ? $"device {name}: the driver finds no card"
                : string.Create(CultureInfo.InvariantCulture, $"device {name} is not there: the driver finds {count}, cuda:0 to cuda:{count - 1}"));
        Check(library, name, library.Functions.DeviceGet(&handle, ordinal), "opening it");
        Check(library, name, library.Functions.DeviceGetAttribute(&major, CapabilityMajor, handle), "asking for its capability");
        Check(library, name, library.Functions.DeviceGetAttribute(&minor, CapabilityMinor, handle), "asking for its capability");
        if (major < LeastCapabilityMajor)
            throw new DeviceException($"device {name}: cards of compute capability {major}.{minor} are too old; {LeastCapabilityMajor}.0 or later is needed");
        nint context;
        Check(library, name, library.Functions.PrimaryContextRetain(&context, handle), "opening it");
        return new Device(name, library, handle, context);
    }

    /// <summary>Gives the device back. Buffers and streams of it are not usable any more.</summary>
    public void Dispose()
    {
        if (_context == 0)
            return;
        if (TryEnter())
        {
            if (_setup.IsValueCreated)
                _setup.Value.Dispose();
            foreach (var module in _modules.Values.Where(module => module.IsValueCreated))
                _ = Functions.ModuleUnload(module.Value.Handle);
        }

        _context = 0;
        _ = Functions.PrimaryContextRelease(_handle);
    }

    /// <summary>Kernels by the name of their source file; compiled by the driver when they are first asked for.</summary>
    internal DeviceModule Module(string name) =>
        _modules.GetOrAdd(name, key => new Lazy<DeviceModule>(() => DeviceModule.Load(this, key))).Value;

    /// <summary>Memory of zero bytes.</summary>
    /// <exception cref="DeviceException">There is not as much.</exception>
    internal DeviceBuffer Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Enter();
        ulong address;
        var result = Functions.MemoryAllocate(&address, (nuint)bytes);
        if (result != 0)
        {
            nuint unused, all;
            var left = Functions.MemoryInfo(&unused, &all) == 0 ? $", {Size((long)unused)} of {Size((long)all)} are unused" : "";
            Check(result, $"{Size(bytes)} of memory{left}");
        }

        var buffer = new DeviceBuffer(this, address, bytes);
        _setup.Value.Clear(buffer, 0, bytes);
        _setup.Value.Wait();
        return buffer;
    }

    internal DeviceStream CreateStream() => new(this);

    /// <summary>Makes the device the one of this thread, as each call of the driver needs it.</summary>
    internal void Enter()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        Check(Functions.ContextSetCurrent(_context), "changing to it");
    }

    internal bool TryEnter() => Functions.ContextSetCurrent(_context) == 0;

    /// <summary>Throws for what a function of the driver returned, unless it was success.</summary>
    internal void Check(int result, string what) => Check(_library, Name, result, what);

    private static void Check(DriverLibrary library, string name, int result, string what)
    {
        if (result != 0)
            throw new DeviceException($"device {name}: {what}: {library.Describe(result)}", result);
    }

    private int Attribute(int attribute)
    {
        int value;
        Check(Functions.DeviceGetAttribute(&value, attribute, _handle), "asking for its properties");
        return value;
    }

    private static string Size(long bytes) => bytes < 10 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
