namespace Involute.Torch.Native;

/// <summary>Where libtorch and TorchSharp's shim are.</summary>
/// <param name="Libtorch">Folder of libtorch.</param>
/// <param name="Shim">Path of the shim.</param>
internal sealed record NativeFiles(string Libtorch, string Shim)
{
    /// <summary>Names a folder that holds libtorch, and may hold the shim; goes before all other places.</summary>
    public const string FolderVariable = "INVOLUTE_LIBTORCH";

    // Lines of the file.
    private const int LibtorchLine = 0;
    private const int ShimLine = 1;

    private static readonly string Places = Path.Combine(AppContext.BaseDirectory, "libtorch.places");

    /// <summary>
    /// Looks for libtorch in the folder of <see cref="FolderVariable"/>; without it, in the program's folder, then in the
    /// packages that the program was built with, which the file libtorch.places beside it names. The shim may be in the
    /// one or the others: nothing but TorchSharp's own package has it.
    /// </summary>
    /// <exception cref="TorchUnavailableException">One is in none of them.</exception>
    public static NativeFiles Find(NativePlatform platform)
    {
        var libtorch = FolderOf(platform.FileOf("torch_cpu"), LibtorchLine, platform);
        var shim = platform.FileOf(TorchLibraries.Shim);
        return new NativeFiles(libtorch, Path.Combine(FolderOf(shim, ShimLine, platform), shim));
    }

    private static string FolderOf(string file, int line, NativePlatform platform)
    {
        string?[] usual =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", platform.Name, "native"),
            BuiltWith(line),
        ];
        var places = Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } given ? usual
            : line == ShimLine ? [Path.GetFullPath(given), .. usual]
            : [Path.GetFullPath(given)];
        var known = places.OfType<string>().ToArray();
        return known.FirstOrDefault(place => File.Exists(Path.Combine(place, file)))
            ?? throw new TorchUnavailableException(
                $"{file} is not in {string.Join(", ", known)}; " +
                $"restore the packages, or set {FolderVariable} to its folder");
    }

    private static string? BuiltWith(int line) =>
        File.Exists(Places) ? File.ReadLines(Places).ElementAtOrDefault(line) : null;
}
