namespace Involute.Torch.Native;

/// <summary>Where libtorch and TorchSharp's shim are.</summary>
/// <param name="Libtorch">Folder of libtorch.</param>
/// <param name="Shim">Path of the shim.</param>
internal sealed record NativeFiles(string Libtorch, string Shim)
{
    /// <summary>Names a folder that holds libtorch and the shim; goes before all other places.</summary>
    public const string FolderVariable = "INVOLUTE_LIBTORCH";

    private static readonly string Places = Path.Combine(AppContext.BaseDirectory, "libtorch.places");

    /// <summary>
    /// Looks, for each of the two, into the folder of <see cref="FolderVariable"/>; without it, into the program's
    /// folder, then into the packages that the program was built with, which the file libtorch.places beside it names.
    /// </summary>
    /// <exception cref="TorchUnavailableException">One is in none of them.</exception>
    public static NativeFiles Find(NativePlatform platform)
    {
        var libtorch = FolderOf(platform.FileOf("torch_cpu"), 0, platform);
        var shim = platform.FileOf(TorchLibraries.Shim);
        return new NativeFiles(libtorch, Path.Combine(FolderOf(shim, 1, platform), shim));
    }

    private static string FolderOf(string file, int line, NativePlatform platform)
    {
        string?[] places = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given
            ? [Path.GetFullPath(given)]
            : [
                AppContext.BaseDirectory,
                Path.Combine(AppContext.BaseDirectory, "runtimes", platform.Name, "native"),
                BuiltWith(line),
            ];
        var known = places.OfType<string>().ToArray();
        return known.FirstOrDefault(place => File.Exists(Path.Combine(place, file)))
            ?? throw new TorchUnavailableException(
                $"{file} is not in {string.Join(", ", known)}; " +
                $"restore the packages, or set {FolderVariable} to its folder");
    }

    // First line: libtorch; second line: the shim.
    private static string? BuiltWith(int line) =>
        File.Exists(Places) ? File.ReadLines(Places).ElementAtOrDefault(line) : null;
}
