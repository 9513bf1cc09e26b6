using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction.Experiments;

/// <content>Theory for given gradients, the LSTM of the paper, and the paper's figure.</content>
internal sealed partial class VarianceVsUnrollsExperiment
{
    private const int LstmLength = 790;

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. Linear().Where((_, i) => i % 3 == 0).Select(c => c.At("pairs=20000"))]
        : [.. Linear(), .. Lstm()];

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick)
    {
        var (few, many) = (OfRandomText(cases, 10), OfRandomText(cases, 100));
        if (few is not null && many is not null)
        {
            yield return new Quantity(
                "lstm-random pes: variance at 100 / 10 unrolls",
                many.Outcome["variance-over-g2"] / few.Outcome["variance-over-g2"],
                null,
                Expectation.Between(8, 10.5, "9.18 (theory)"));
        }
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "variance-vs-unrolls",
        "Variance of one pair's estimate of an episode",
        "unrolls of an episode",
        "variance / |gradient|²",
        [
            .. cases.GroupBy(c => $"{c.Parameters.Word("gradients")}, {c.Parameters.Word("estimator")}").Select(line => new Curve(
                line.Key,
                [.. line.Select(c => (double)c.Parameters.Whole("unrolls"))],
                [.. line.Select(c => c.Outcome["variance-over-g2"])])),
        ],
        LogX: true);

    private static CaseOutcome? OfRandomText(IReadOnlyList<CaseOutcome> cases, int unrolls) => cases.FirstOrDefault(c =>
        c.Parameters.Word("gradients") == "lstm-random" && c.Parameters.Word("estimator") == EstimatorNames.Pes
        && c.Parameters.Whole("unrolls") == unrolls);

    // The first case is the defaults; the figure sorts nothing, so unrolls go down in each line.
    private static IEnumerable<Case> Linear() =>
    [
        Given("", 8.5625), Given("unrolls=8", 9.125), Given("unrolls=4", 10.25), Given("unrolls=2", 12.5), Given("unrolls=1", 17),
        Given("gradients=orthonormal unrolls=16", 137), Given("gradients=orthonormal unrolls=8", 73),
        Given("gradients=orthonormal unrolls=4", 41), Given("gradients=orthonormal unrolls=2", 25),
        Given("gradients=orthonormal unrolls=1", 17),
        Given("estimator=nres unrolls=16", 17), Given("estimator=nres unrolls=4", 17),
        Given("estimator=nres gradients=orthonormal unrolls=16", 17), Given("estimator=full unrolls=16", 17),
    ];

    private static IEnumerable<Case> Lstm()
    {
        foreach (var unrolls in new[] { 500, 100, 50, 10 })
        {
            yield return Measured($"gradients=lstm-repeated unrolls={unrolls}", Expectation.Within(Identical(unrolls), 0.2));
        }

        yield return Measured("gradients=lstm-repeated unrolls=1", Expectation.Within(LstmLength + 1, 0.2));
        foreach (var unrolls in new[] { 500, 100, 10, 1 })
        {
            yield return Measured($"gradients=lstm-random unrolls={unrolls}", null);
        }

        foreach (var unrolls in new[] { 100, 10 })
        {
            yield return Measured(
                $"gradients=lstm-random estimator=nres unrolls={unrolls}", Expectation.Within(LstmLength + 1, 0.2));
        }
    }

    // d (J + 1) / 2J + 1 / J
    private static double Identical(int unrolls) => (LstmLength * (unrolls + 1.0) / (2 * unrolls)) + (1.0 / unrolls);

    private static Case Given(string settings, double variance) =>
        new(settings, ("variance-over-g2", _ => Expectation.Within(variance, 0.02)));

    private static Case Measured(string settings, Expectation? expected)
    {
        // Most of the time goes into 790 normal numbers per window.
        var all = settings.Contains("unrolls=500", StringComparison.Ordinal) ? $"{settings} pairs=500" : $"{settings} pairs=2500";
        return expected is null ? new Case(all) : new Case(all, ("variance-over-g2", _ => expected));
    }
}
