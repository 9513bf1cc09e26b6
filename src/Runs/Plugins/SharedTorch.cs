namespace Involute.Runs.Plugins;

/// <summary>
/// Copies of TorchSharp and libtorch in the folder of a plugin with a torch task: its tensors must be the host's, so they
/// count as Involute's own assemblies do, not as code of the plugin.
/// </summary>
/// <remarks>A build copies them when the plugin's project refers to the package TorchSharp by itself.</remarks>
internal static class SharedTorch
{
    private const string Assembly = "Involute.Torch";

    private static readonly string[] Names =
    [
        "TorchSharp", "LibTorchSharp", "torch", "torch_cpu", "torch_cuda", "torch_global_deps", "c10", "c10_cuda",
    ];

    /// <summary>Whether an assembly was built against Involute.Torch.</summary>
    /// <param name="file">Its path.</param>
    public static bool IsUsedBy(string file) =>
        Path.GetExtension(file) == ".dll"
        && PluginReferences.Of(File.ReadAllBytes(file))?.Any(reference => reference.Name == Assembly) == true;

    /// <summary>Whether a file is one of the host's: TorchSharp, its native half, libtorch and what belongs to it.</summary>
    /// <param name="file">Name of a file.</param>
    public static bool IsOf(string file)
    {
        // A library is libtorch_cpu.so on Linux and torch_cpu.dll on Windows.
        var name = Path.GetFileName(file).Split('.')[0];
        return Names.Contains(name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name, StringComparer.Ordinal);
    }
}
