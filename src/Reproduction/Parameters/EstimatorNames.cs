using Involute.Estimators.Catalogue;
using Involute.Estimators.Estimation;
using Involute.Tasks.Components;

namespace Involute.Reproduction.Parameters;

/// <summary>The short names that experiments use for estimators: names or aliases of the components.</summary>
internal static class EstimatorNames
{
    public const string Pes = "pes";
    public const string PesAnalytic = "pes-analytic";
    public const string Nres = "nres";

    /// <summary>Noise reuse, measured over all positions of a window in its trajectory.</summary>
    public const string NresOnline = "nres-online";
    public const string Gpes = "gpes";
    public const string Full = "full";
    public const string Tes = "tes";
    public const string Tbptt = "tbptt";
    public const string Rtrl = "rtrl";

    private const string Online = "-online";

    private static readonly ComponentCatalogue Catalogue = new(EstimatorCatalogue.Components);

    /// <summary>The options of the estimator that a name stands for, or null.</summary>
    public static EstimatorOptions? Options(string name) => Find(name)?.Defaults() as EstimatorOptions;

    /// <summary>The word, of several, that stands for the same estimator as a name; null if there is none.</summary>
    public static string? Among(IReadOnlyList<string> words, string name) =>
        words.FirstOrDefault(word => word == name)
        ?? words.FirstOrDefault(
            word => Find(word) is { } component && component == Find(name) && IsOnline(word) == IsOnline(name));

    private static bool IsOnline(string name) => name.EndsWith(Online, StringComparison.Ordinal);

    private static Component? Find(string name) => Catalogue.Find(
        ComponentKind.Of(typeof(EstimatorOptions)), IsOnline(name) ? name[..^Online.Length] : name);
}
