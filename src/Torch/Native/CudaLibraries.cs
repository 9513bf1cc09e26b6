using System.Runtime.InteropServices;
using TorchSharp;

namespace Involute.Torch.Native;

/// <summary>Loads the part of libtorch that computes on NVIDIA's cards, and says what is missing if it cannot.</summary>
/// <remarks>
/// Code complete, but never run on a card. The steps go from what is cheap to know to what is not, so that the first
/// thing that is missing is the one that is named.
/// </remarks>
internal static unsafe class CudaLibraries
{
    // libtorch's own name for its library, and for the one below it.
    private static readonly string[] Names = ["c10_cuda", "torch_cuda"];

    // cuBLAS sums in a fixed order only with a workspace of a fixed size.
    private const string WorkspaceVariable = "CUBLAS_WORKSPACE_CONFIG";
    private const string Workspace = ":4096:8";

    /// <summary>Loads them, after <see cref="TorchLibraries.Load"/>.</summary>
    /// <param name="platform">Of this process.</param>
    /// <returns>How many cards there are, at least 1.</returns>
    /// <exception cref="TorchUnavailableException">There is no card that this process can use; the message says why.</exception>
    public static int Load(NativePlatform platform)
    {
        RequirePlatform(platform);
        var folder = TorchLibraries.Folder;
        RequireFiles(platform, folder);
        RequireDriver(Driver(platform));
        SingleThread.Set(WorkspaceVariable, Workspace);
        foreach (var name in Names)
        {
            TorchLibraries.Add(name, NativeLibrary.Load(Path.Combine(folder, platform.FileOf(name))));
        }

        var isThere = torch.TryInitializeDeviceType(DeviceType.CUDA);
        var count = isThere ? torch.cuda.device_count() : 0;
        RequireCards(isThere, count);
        BeExact(platform);
        return count;
    }

    /// <summary>libtorch with CUDA exists for Linux and Windows on x64.</summary>
    internal static void RequirePlatform(NativePlatform platform)
    {
        if (!platform.HasCuda)
        {
            throw new TorchUnavailableException(
                $"there is no libtorch with CUDA for {platform.Name}; it exists for "
                    + $"{string.Join(", ", NativePlatform.All.Where(known => known.HasCuda).Select(known => known.Name))}; "
                    + "allowed: involute.torch.device = cpu");
        }
    }

    /// <summary>The folder must hold the libraries for cards, which libtorch for processors alone lacks.</summary>
    internal static void RequireFiles(NativePlatform platform, string folder)
    {
        if (Names.Select(platform.FileOf).FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing)
        {
            throw new TorchUnavailableException(
                $"{folder} holds libtorch without CUDA: {missing} is missing; set {NativeFiles.FolderVariable} to a folder with "
                    + $"libtorch {TorchLibraries.Expected} with CUDA");
        }
    }

    /// <summary>The driver's library must be there.</summary>
    /// <param name="library">Its name.</param>
    internal static void RequireDriver(string library)
    {
        if (!NativeLibrary.TryLoad(library, out _))
        {
            throw new TorchUnavailableException(
                $"no NVIDIA driver: {library} cannot be loaded; install it, or set involute.torch.device = cpu");
        }
    }

    /// <summary>The driver must show a card that this libtorch can use.</summary>
    internal static void RequireCards(bool isAvailable, int count)
    {
        if (!isAvailable || count < 1)
        {
            throw new TorchUnavailableException(
                "the NVIDIA driver shows no card that this libtorch can use: none is there or visible "
                    + "(CUDA_VISIBLE_DEVICES), or the driver is too old for it ('nvidia-smi' says which)");
        }
    }

    /// <summary>Name of a card, as the driver has it.</summary>
    /// <param name="number">From 0; after <see cref="Load"/>.</param>
    public static string CardName(int number)
    {
        const int Longest = 256;
        var driver = NativeLibrary.Load(Driver(NativePlatform.Current!));
        var start = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var find = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
        var ask = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
        var name = stackalloc byte[Longest];
        int card;
        return start(0) == 0 && find(&card, number) == 0 && ask(name, Longest, card) == 0
            ? Marshal.PtrToStringUTF8((nint)name) ?? ""
            : throw new TorchUnavailableException($"the NVIDIA driver does not tell the name of card {number}");
    }

    /// <summary>Name of the driver's library.</summary>
    internal static string Driver(NativePlatform platform) => platform.Name == "win-x64" ? "nvcuda.dll" : "libcuda.so.1";

    // Full precision in products and convolutions, and sums in a fixed order: libtorch offers faster ones by default.
    private static void BeExact(NativePlatform platform)
    {
        torch.backends.cuda.matmul.allow_tf32 = false;
        torch.backends.cudnn.allow_tf32 = false;
        if (platform.Name == "linux-x64")
        {
            var library = TorchLibraries.TorchCpu;
            var context = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "_ZN2at13globalContextEv");
            var set = (delegate* unmanaged<nint, byte, byte, void>)NativeLibrary.GetExport(
                library, "_ZN2at7Context26setDeterministicAlgorithmsEbb");
            set(context(), 1, 0);
        }
    }
}
