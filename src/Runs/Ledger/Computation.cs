namespace Involute.Runs.Ledger;

/// <summary>
/// What computes a run: the program, the machine's arithmetic, the data, and what a trial of them gives. Stands in the
/// ledger with each epoch; a worker says it of itself.
/// </summary>
/// <param name="Program">Name and version, for people.</param>
/// <param name="Modules">
/// The assemblies that compute, ours and a plugin's: a line each, the name and the id of its module, in ordinal order.
/// Builds are deterministic, so that the same source has the same ids.
/// </param>
/// <param name="Runtime">The .NET runtime, and the processor's architecture.</param>
/// <param name="Vectors">The vector instructions that the kernels use here, and of a task that computes by a native
/// library what that chooses its routines by.</param>
/// <param name="DataSha256">Hash of the content of all data files (lowercase hex).</param>
/// <param name="Fingerprint">Hash of a trial (lowercase hex); see <c>ComputationFingerprint</c>.</param>
public sealed record Computation(
    string Program, string Modules, string Runtime, string Vectors, string DataSha256, string Fingerprint)
{
    /// <summary>Of a run that is not known to be computed by anything in particular: everything is empty.</summary>
    public static Computation Unknown { get; } = new("", "", "", "", "", "");

    /// <summary>
    /// What differs first from another computation, in words: data, then assemblies, runtime, vector instructions, then
    /// what the trial gives; null if nothing does. Program versions alone are no difference.
    /// </summary>
    /// <param name="other">The other one.</param>
    public string? Difference(Computation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return DataSha256 != other.DataSha256 ? $"data ({Short(DataSha256)}, not {Short(other.DataSha256)})"
            : BuildDifference(other) is { } build ? build
            : Fingerprint != other.Fingerprint
                ? $"the numbers that a trial gives ({Short(Fingerprint)}, not {Short(other.Fingerprint)})"
            : null;
    }

    /// <summary>What differs first in the build: assemblies, runtime, vector instructions; null if nothing does.</summary>
    /// <param name="other">The other one.</param>
    public string? BuildDifference(Computation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ModuleDifference(other) is { } module ? module
            : Runtime != other.Runtime ? $"the runtime ({Runtime}, not {other.Runtime})"
            : Vectors != other.Vectors ? $"vector instructions ({Vectors}, not {other.Vectors})"
            : null;
    }

    private string? ModuleDifference(Computation other)
    {
        if (Modules == other.Modules)
        {
            return null;
        }

        var (ours, theirs) = (ById(Modules), ById(other.Modules));
        foreach (var name in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
        {
            var (our, their) = (ours.GetValueOrDefault(name, "none"), theirs.GetValueOrDefault(name, "none"));
            if (our != their)
            {
                return $"the build of {name} ({Short(our)}, not {Short(their)})";
            }
        }

        return "the order of its assemblies";
    }

    // Another process may send any text: what is no name and id must not end the run that reads it.
    private static Dictionary<string, string> ById(string modules)
    {
        var ids = new Dictionary<string, string>();
        foreach (var line in modules.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // The name of a file may have blanks, an id has none.
            var end = line.LastIndexOf(' ');
            ids[end < 0 ? line : line[..end]] = line[(end + 1)..];
        }

        return ids;
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
