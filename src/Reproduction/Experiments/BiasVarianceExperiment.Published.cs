using Involute.Reproduction.Results;

namespace Involute.Reproduction.Experiments;

/// <content>Exact values, and variance over the window's length.</content>
internal sealed partial class BiasVarianceExperiment
{
    private const double ExactGradient = 3571.6306256103;
    private const double Tolerance = 0.04;

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. All.Where(c => c.Settings is "" or "window=10" or "estimator=tes window=10" or "estimator=nres-online window=10")
            .Select(c => c.At("pairs=20000"))]
        : All;

    private static Case[] All { get; } =
    [
        Unbiased("", 3.09417),
        Unbiased("window=2", 3.14249),
        Unbiased("window=5", 3.27086),
        Unbiased("window=10", 3.42332),
        Unbiased("window=20", 3.41297),
        Unbiased("window=25", 3.39158),
        Unbiased("window=50", 4.28716),
        Unbiased("window=100", 2),
        Case.WithMean("estimator=tes window=1", -26),
        Case.WithMean("estimator=tes window=2", -40.0625),
        Case.WithMean("estimator=tes window=5", -86.49841),
        Case.WithMean("estimator=tes window=10", -177.60965),
        Case.WithMean("estimator=tes window=20", -367.25399),
        Case.WithMean("estimator=tes window=25", -370.91239),
        Case.WithMean("estimator=tes window=50", 1008.74405),
        Unbiased("estimator=pes-analytic window=1", 2.87363),
        Unbiased("estimator=pes-analytic window=10", 2.21363),
        Unbiased("estimator=pes-analytic window=20", 1.86441),
        Unbiased("estimator=pes-analytic window=50", 1.02981),
        Unbiased("estimator=pes-analytic window=100 pairs=1000", 0),
        Unbiased("estimator=nres-online window=1", 0.049913),
        Unbiased("estimator=nres-online window=5", 0.24406),
        Unbiased("estimator=nres-online window=10", 0.453628),
        Unbiased("estimator=nres-online window=50", 1.18208),
        Vector("window=1", 68.1171),
        Vector("window=10", 71.5531),
        Vector("window=50", 58.3061),
        Vector("window=100", 24),
        Cosine("window=1", 0.038),
        Cosine("window=10", 0.112),
        Cosine("window=50", 0.9707),
        Cosine("window=100", 1),
    ];

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "bias-variance",
        "Variance of one pair's estimate of influence balancing",
        "window",
        "variance / |gradient|²",
        [
            .. cases.Where(c => !c.Parameters.Is("vector")).GroupBy(c => c.Parameters.Word("estimator")).SelectMany(OverWindows),
        ],
        LogX: true);

    private static IEnumerable<Curve> OverWindows(IGrouping<string, CaseOutcome> cases)
    {
        double[] windows = [.. cases.Select(c => (double)c.Parameters.Whole("window"))];
        yield return new Curve(cases.Key, windows, [.. cases.Select(c => c.Outcome["variance-over-g2"])]);
    }

    private static Case Unbiased(string settings, double variance) => new(
        settings,
        ("loss", _ => Expectation.Within(994.784358382, 1e-9)),
        ("gradient", _ => Expectation.Within(ExactGradient, 1e-9)),
        ("mean", mean => Expectation.Mean(ExactGradient, mean.StandardError ?? 0)),
        ("variance-over-g2", _ => variance > 0 ? Expectation.Within(variance, Tolerance) : Expectation.AtMost(1e-12, "0")));

    private static Case Vector(string settings, double variance) => new(
        $"vector=true {settings} pairs=50000",
        ("gradient", _ => Expectation.Within(Math.Sqrt(2017466.69149), 1e-9)),
        ("variance-over-g2", _ => Expectation.Within(variance, Tolerance)));

    private static Case Cosine(string settings, double cosine) => new(
        $"vector=true estimator=tes {settings} pairs=50000",
        ("cosine", _ => Expectation.Between(cosine - 0.01, cosine + 0.01, Expectation.Number(cosine))));
}
