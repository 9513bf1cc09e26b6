using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Runs.Opening;
using Involute.Tasks;
using Involute.Tasks.Components;

namespace Involute.Host.Exporting;

/// <summary>
/// A theta for use elsewhere: its tensors, the whole, and values in natural units, with where it comes from.
/// </summary>
/// <param name="Metadata">What is told of it: names and texts, in a fixed order.</param>
/// <param name="Tensors">Theta's tensors by name.</param>
/// <param name="Theta">Theta as a whole.</param>
/// <param name="Natural">Where theta holds a transform, the natural values.</param>
internal sealed record ThetaExport(
    IReadOnlyList<KeyValuePair<string, string>> Metadata,
    IReadOnlyList<ExportedArray> Tensors,
    ExportedArray Theta,
    IReadOnlyList<ExportedArray> Natural)
{
    /// <summary>Name of theta as a whole.</summary>
    public const string Whole = "theta";

    /// <summary>What the names of natural values begin with.</summary>
    public const string NaturalPrefix = "natural/";

    // Of a tensor that its author has called as the whole is called here.
    private const string TensorPrefix = "tensor/";

    /// <summary>All arrays.</summary>
    public IEnumerable<ExportedArray> Arrays => [.. Tensors, Theta, .. Natural];

    /// <summary>A theta of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="theta">One of its thetas.</param>
    public static ThetaExport Of(RunThetas run, Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(theta);
        var slices = run.Layout.Slices;
        var tensors = slices.Select(slice => ExportedArray.Of(
            NameOf(slice, slices), slice.Shape, theta.Values.Slice(slice.Offset, slice.Length)));
        var natural = slices.SelectMany(slice => NaturalUnit.Of(slice.Name) is { } unit
            ? [NaturalOf(unit, slice, theta.Values.Slice(slice.Offset, slice.Length))]
            : Array.Empty<ExportedArray>());
        return new ThetaExport(
            MetadataOf(run, theta),
            [.. tensors],
            ExportedArray.Of(Whole, [theta.Values.Length], theta.Values),
            [.. natural]);
    }

    private static string NameOf(TensorSlice slice, IReadOnlyList<TensorSlice> all) =>
        slice.Name == Whole || slice.Name.StartsWith(NaturalPrefix, StringComparison.Ordinal)
            || all.Any(other => TensorPrefix + other.Name == slice.Name)
            ? TensorPrefix + slice.Name
            : slice.Name;

    private static ExportedArray NaturalOf(NaturalUnit unit, TensorSlice slice, ReadOnlySpan<float> values)
    {
        var natural = new double[values.Length];
        for (var i = 0; i < natural.Length; i++)
        {
            natural[i] = unit.Value(values[i]);
        }

        return ExportedArray.Of(NaturalPrefix + unit.Name, slice.Shape, natural);
    }

    private static KeyValuePair<string, string>[] MetadataOf(RunThetas run, Theta<float> theta) =>
    [
        new("format", "involute theta 1"),
        new("run", run.Folder.RunId),
        new("step", theta.Version.Value.ToString(CultureInfo.InvariantCulture)),
        new("theta_sha256", theta.HashText()),
        new("settings_sha256", run.Configuration.Sha256()),
        new("identity_sha256", run.Configuration.IdentitySha256()),
        new("task", run.Configuration.Task.Title),
        new("optimizer", run.Configuration.Optimizer.Name),
        new("estimator", run.Configuration.Estimator.Name),
    ];
}
