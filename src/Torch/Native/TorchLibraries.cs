using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using TorchSharp;

namespace Involute.Torch.Native;

/// <summary>Loads libtorch, then TorchSharp's shim, and answers TorchSharp's requests with them.</summary>
internal static unsafe class TorchLibraries
{
    /// <summary>What TorchSharp calls its native half.</summary>
    public const string Shim = "LibTorchSharp";

    /// <summary>The only libtorch that the shim of this TorchSharp fits: another may crash at any call.</summary>
    public static readonly Version Expected = new(2, 10);

    // The shim names these without a folder; libraries that are in the process already need none.
    private static readonly string[] Names = ["c10", "torch_cpu", "torch"];

    /// <summary>Set to "off", it leaves the shim's code as it is.</summary>
    public const string PatchVariable = "INVOLUTE_TORCH_PATCH";

    private static readonly Dictionary<string, nint> Loaded = [];

    /// <summary>Whether <see cref="ScalarQuarantine"/> is in place; after <see cref="Load"/>.</summary>
    public static bool KeepsScalars { get; private set; }

    /// <summary>libtorch's library of operations on the processor; after <see cref="Load"/>.</summary>
    public static nint TorchCpu { get; private set; }

    /// <summary>The folder that libtorch was loaded from; after <see cref="Load"/>.</summary>
    public static string Folder { get; private set; } = "";

    private static bool IsLeftAlone => Environment.GetEnvironmentVariable(PatchVariable) == "off";

    /// <summary>Loads everything and returns libtorch's version.</summary>
    /// <exception cref="TorchUnavailableException">A library is missing, damaged or of another version.</exception>
    public static Version Load(NativePlatform platform)
    {
        var files = NativeFiles.Find(platform);
        foreach (var name in Names)
        {
            Add(name, NativeLibrary.Load(Path.Combine(files.Libtorch, platform.FileOf(name))));
        }

        TorchCpu = Loaded["torch_cpu"];
        var version = VersionOf(TorchCpu);
        Require(version, files.Libtorch);
        Folder = files.Libtorch;
        var shim = NativeLibrary.Load(OperatingSystem.IsLinux() ? Loadable(files.Shim) : files.Shim);
        KeepsScalars = !IsLeftAlone && ScalarQuarantine.TryInstall(shim);
        Add(Shim, shim);
        Answer();
        return version;
    }

    /// <summary>Answers TorchSharp's requests for a library with one that is loaded.</summary>
    internal static void Add(string name, nint library)
    {
        lock (Loaded)
        {
            Loaded[name] = library;
        }
    }

    /// <summary>Refuses a libtorch that the shim was not built for.</summary>
    internal static void Require(Version version, string folder)
    {
        if (version.Major != Expected.Major || version.Minor != Expected.Minor)
        {
            throw new TorchUnavailableException(
                $"{folder} holds libtorch {version}; this TorchSharp needs {Expected}");
        }
    }

    [SupportedOSPlatform("linux")]
    private static string Loadable(string shim)
    {
        var bytes = File.ReadAllBytes(shim);
        var relaxed = SymbolVersioning.Relaxed(bytes, shim, SystemVersions());
        return relaxed is null
            ? shim
            : PrivateFolder.OfUser().Keep($"lib{Shim}-{Convert.ToHexStringLower(SHA256.HashData(bytes))}.so", relaxed);
    }

    /// <summary>
    /// What the C++ runtime library in this process defines; another file on the disk would not count.
    /// </summary>
    internal static IReadOnlySet<string> SystemVersions()
    {
        NativeLibrary.Load(SymbolVersioning.CppLibrary);
        var path = File.ReadLines("/proc/self/maps")
            .Select(line => line.IndexOf('/') is >= 0 and var start ? line[start..] : "")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libstdc++.so.", StringComparison.Ordinal));
        return path is null
            ? throw new TorchUnavailableException($"{SymbolVersioning.CppLibrary} is not in this process")
            : ElfFile.Parse(File.ReadAllBytes(path), path).DefinedVersions;
    }

    // torch/csrc/inductor/aoti_torch/c/shim.h: the three numbers in the three highest bytes.
    private static Version VersionOf(nint torchCpu)
    {
        var number = ((delegate* unmanaged<ulong>)NativeLibrary.GetExport(torchCpu, "aoti_torch_abi_version"))();
        return new Version((byte)(number >> 56), (byte)(number >> 48), (byte)(number >> 40));
    }

    private static void Answer()
    {
        var torchSharp = typeof(torch).Assembly;
        var context = AssemblyLoadContext.GetLoadContext(torchSharp) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += (Assembly _, string name) =>
        {
            lock (Loaded)
            {
                return Loaded.GetValueOrDefault(name);
            }
        };
    }
}
