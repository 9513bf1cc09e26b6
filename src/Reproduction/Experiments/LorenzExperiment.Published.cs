using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction.Experiments;

/// <content>Variance ratios at two thetas, and the tails of training.</content>
internal sealed partial class LorenzExperiment
{
    private static readonly int[] AllSeeds = [101, 103, 107, 109, 113];

    private static readonly (string, Func<Quantity, Expectation>)[] AtStart =
    [
        ("pes/nres", _ => Expectation.Between(10.4, 12.4, "11.4")),
        ("full/nres", _ => Expectation.Between(5.5, 6.7, "6.1")),
    ];

    private static readonly (string, Func<Quantity, Expectation>)[] AtEnd =
    [
        ("pes/nres", _ => Expectation.Between(14.3, 18.3, "16.3")),
        ("full/nres", _ => Expectation.Between(1.02, 1.22, "1.12")),
    ];

    private static readonly (string, Func<Quantity, Expectation>) Trained =
        ("tail-mean", _ => Expectation.AtMost(50, "45.6 to 48.2"));

    public IReadOnlyList<Case> Cases(bool quick)
    {
        if (quick)
        {
            return
            [
                new("iterations=0 episodes=4000", AtStart),
                new("episodes=0 iterations=400 pairs=50", ("tail-mean", _ => Expectation.AtMost(200, "falls from 312"))),
            ];
        }

        return
        [
            new("", [.. AtStart, Trained]),
            new("theta=2.38,3.285 iterations=0", AtEnd),
            .. Seeds("").Skip(1).Select(settings => new Case(settings, Trained)),
            .. Seeds("estimator=pes").Select(settings => new Case(settings)),
            .. Seeds("estimator=gpes").Select(settings => new Case(settings)),
            .. Seeds("estimator=full lr=3e-5 iterations=2000 pairs=10").Select(settings => new Case(settings)),
            .. Seeds("estimator=tes lr=3e-4").Select(settings => new Case(settings)),
            .. Seeds("estimator=tbptt lr=3e-4 iterations=10000 pairs=20").Select(settings => new Case(settings)),
        ];
    }

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick)
    {
        if (quick)
        {
            yield break;
        }

        yield return Tail(cases, EstimatorNames.Nres, Expectation.AtMost(50, "45.6 to 48.2"));
        yield return Tail(cases, EstimatorNames.Pes, Expectation.Shown("51.1 to 55.4"));
        yield return Tail(cases, EstimatorNames.Gpes, Expectation.Shown("51.7 to 53.5"));
        yield return Tail(cases, EstimatorNames.Full, Expectation.Shown("44.5 to 47.2"));
        yield return Tail(cases, EstimatorNames.Tes, Expectation.AtLeast(65, "70.3 to 78.8"));
        yield return Tail(cases, EstimatorNames.Tbptt, Expectation.AtLeast(65, "71.3 to 75.2"));
        yield return new Quantity(
            "median tail-mean, pes - nres",
            Median(Tails(cases, EstimatorNames.Pes)) - Median(Tails(cases, EstimatorNames.Nres)),
            null,
            Expectation.AtLeast(2, "6.5"));
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "lorenz",
        "Lorenz system: loss on starts not seen in training",
        "update of theta",
        "mean squared error of z",
        [
            .. cases.Where(c => !c.Settings.Contains("seed=")).SelectMany(c => c.Outcome.Curves),
        ]);

    private static Quantity Tail(IReadOnlyList<CaseOutcome> cases, string estimator, Expectation expected) =>
        Quantity.MeanOf($"{estimator}: tail-mean over {AllSeeds.Length} seeds", Tails(cases, estimator), expected);

    private static double[] Tails(IReadOnlyList<CaseOutcome> cases, string estimator) =>
    [
        .. cases.Where(c => c.Parameters.Word("estimator") == estimator && c.Parameters.Whole("iterations") > 0)
            .Select(c => c.Outcome["tail-mean"]),
    ];

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    // The first seed is the default.
    private static IEnumerable<string> Seeds(string settings) => AllSeeds.Select((seed, i) =>
        (i == 0 ? $"episodes=0 {settings}" : $"episodes=0 {settings} seed={seed}").Replace("  ", " ", StringComparison.Ordinal));
}
