using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>The assemblies that bring components of a user's own.</summary>
public sealed record PluginOptions
{
    /// <summary>The folder; empty for none. Not part of a run's identity, its code is.</summary>
    [Option(
        "Folder of the assemblies. Empty: none. A relative path starts at the current folder. It may change on resume: "
        + "the code counts, not the place.",
        IsPath = true, MayChange = true, WhenMissing = "\"\"")]
    public string Folder { get; init; } = "";

    /// <summary>Hash of the folder's code; empty until the run begins.</summary>
    [Option(
        "SHA-256 of the code in the folder. Empty: what it holds when the run begins, which is then written here; from "
        + "then on, and if it is not empty, other code is an error.",
        WhenMissing = "\"\"")]
    public string Sha256 { get; init; } = "";
}
