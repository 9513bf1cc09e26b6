namespace Involute.Hosting.Configuration;

/// <summary>A problem of a user's own, out of a plugin's folder.</summary>
/// <param name="Folder">The folder; not part of a run's identity, its content is.</param>
/// <param name="Problem">Name of the problem; empty for the only one.</param>
/// <param name="Sha256">Hash of the folder's content; empty until the run begins.</param>
/// <param name="ProblemOptions">The problem's own options, as text.</param>
public sealed record PluginSettings(
    string Folder, string Problem, string Sha256, IReadOnlyList<Setting> ProblemOptions) : TaskSettings
{
    private const int HashDigits = 64;

    /// <inheritdoc/>
    public override string Name => KnownNames.Plugin;

    /// <inheritdoc/>
    public override string Title => Problem.Length > 0 ? Problem : Name;

    /// <inheritdoc/>
    public override bool HasOwnTheta => true;

    internal override IEnumerable<Setting> Options =>
    [
        new("folder", HoconText.Quoted(Folder)),
        new("problem", HoconText.Quoted(Problem)),
        new("sha256", HoconText.Quoted(Sha256)),
        new("options", HoconText.OfTexts(ProblemOptions)),
    ];

    /// <summary>Equal options make equal settings; a record would compare the lists themselves.</summary>
    public bool Equals(PluginSettings? other) =>
        other is not null
        && (Folder, Problem, Sha256) == (other.Folder, other.Problem, other.Sha256)
        && ProblemOptions.SequenceEqual(other.ProblemOptions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Folder, Problem, Sha256, ProblemOptions.Count);

    internal static PluginSettings ReadOptions(BlockReader block) => new(
        block.Text("folder"),
        block.Text("problem"),
        block.Hash("sha256", HashDigits),
        block.Texts("options"));
}
