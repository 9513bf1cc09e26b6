using System.Reflection;

namespace Involute.Torch.Native;

/// <summary>Where libtorch and TorchSharp's shim are.</summary>
/// <param name="Libtorch">Folder of libtorch.</param>
/// <param name="Shim">Path of the shim.</param>
internal sealed record NativeFiles(string Libtorch, string Shim)
{
    /// <summary>Names a folder that holds libtorch and the shim; goes before all other places.</summary>
    public const string FolderVariable = "INVOLUTE_LIBTORCH";

    /// <summary>
    /// Looks, for each of the two, into the folder of <see cref="FolderVariable"/>; without it, into the program's
    /// folder, then into the packages that the program was built with.
    /// </summary>
    /// <exception cref="TorchUnavailableException">One is in none of them.</exception>
    public static NativeFiles Find(NativePlatform platform)
    {
        var libtorch = FolderOf(platform.FileOf("torch_cpu"), "LibtorchFolder", platform);
        var shim = platform.FileOf(TorchLibraries.Shim);
        return new NativeFiles(libtorch, Path.Combine(FolderOf(shim, "ShimFolder", platform), shim));
    }

    private static string FolderOf(string file, string metadata, NativePlatform platform)
    {
        string?[] places = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given
            ? [Path.GetFullPath(given)]
            : [
                AppContext.BaseDirectory,
                Path.Combine(AppContext.BaseDirectory, "runtimes", platform.Name, "native"),
                BuiltWith(metadata),
            ];
        var known = places.OfType<string>().ToArray();
        return known.FirstOrDefault(place => File.Exists(Path.Combine(place, file)))
            ?? throw new TorchUnavailableException(
                $"{file} is not in {string.Join(", ", known)}; " +
                $"restore the packages, or set {FolderVariable} to its folder");
    }

    private static string? BuiltWith(string metadata) => typeof(NativeFiles).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == metadata)?.Value;
}
