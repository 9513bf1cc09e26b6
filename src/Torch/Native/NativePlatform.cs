using System.Runtime.InteropServices;

namespace Involute.Torch.Native;

/// <summary>A platform that libtorch is published for.</summary>
/// <param name="Name">Runtime identifier, as in package names and their folders.</param>
/// <param name="Prefix">What library file names start with.</param>
/// <param name="Suffix">What library file names end with.</param>
internal sealed record NativePlatform(string Name, string Prefix, string Suffix)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NativePlatform> All { get; } =
        [new("linux-x64", "lib", ".so"), new("win-x64", "", ".dll"), new("osx-arm64", "lib", ".dylib")];

    /// <summary>The one that this process runs on; null where there is none.</summary>
    public static NativePlatform? Current { get; } = All.FirstOrDefault(platform => platform.Name == Identifier());

    /// <summary>Whether libtorch for cards is published for it.</summary>
    public bool HasCuda => Name is "linux-x64" or "win-x64";

    /// <summary>File name of a library.</summary>
    public string FileOf(string library) => Prefix + library + Suffix;

    private static string Identifier()
    {
        var system = OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "other";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }
}
