using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>The assemblies that bring components of a user's own.</summary>
public sealed record PluginOptions
{
    /// <summary>The folder; empty for none. Not part of a run's identity, its content is.</summary>
    [Option(
        "Folder of the assemblies. Empty: none. A relative path starts at the current folder. It may change on resume: "
        + "the content counts, not the place.",
        IsPath = true, MayChange = true, WhenMissing = "\"\"")]
    public string Folder { get; init; } = "";

    /// <summary>Hash of the folder's content; empty until the run begins.</summary>
    [Option(
        "SHA-256 of the folder's content. Empty: what it holds when the run begins, which is then written here; from "
        + "then on, and if it is not empty, other content is an error.",
        WhenMissing = "\"\"")]
    public string Sha256 { get; init; } = "";
}
