using Involute.Hosting.Reporting.Plots;
using Involute.Hosting.Reproduction.Parameters;
using Involute.Hosting.Reproduction.Results;

namespace Involute.Hosting.Reproduction.Experiments;

/// <content>Variance ratios at two thetas, and the tails of training.</content>
internal sealed partial class LorenzExperiment
{
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
            .. Seeds("episodes=0").Select(settings => new Case(settings, Trained)),
            new("episodes=0 estimator=pes"),
            .. Seeds("episodes=0 estimator=pes").Select(settings => new Case(settings)),
            new("episodes=0 estimator=tes lr=3e-4", ("tail-mean", _ => Expectation.AtLeast(65, "70.3 to 78.8"))),
            new("episodes=0 estimator=tbptt lr=3e-4 pairs=20", ("tail-mean", _ => Expectation.AtLeast(65, "71.3 to 75.2"))),
        ];
    }

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick)
    {
        var (persistent, reuse) = (Median(cases, EstimatorNames.Pes), Median(cases, EstimatorNames.Nres));
        if (!quick)
        {
            yield return new Quantity(
                "median tail-mean, pes - nres", persistent - reuse, null, Expectation.AtLeast(2, "6.5"));
        }
    }

    public void Draw(IReadOnlyList<CaseOutcome> cases, string folder) => ExperimentPlots.Lines(
        "Lorenz system: loss on starts not seen in training",
        "update of theta",
        "mean squared error of z",
        [
            .. cases.Where(c => !c.Settings.Contains("seed=")).SelectMany(c => c.Outcome.Curves),
        ],
        Path.Combine(folder, "lorenz.png"));

    private static double Median(IReadOnlyList<CaseOutcome> cases, string estimator)
    {
        double[] tails =
        [
            .. cases.Where(c => c.Parameters.Word("estimator") == estimator && c.Parameters.Whole("iterations") > 0)
                .Select(c => c.Outcome["tail-mean"]).Order(),
        ];
        return tails.Length > 0 ? tails[tails.Length / 2] : double.NaN;
    }

    private static IEnumerable<string> Seeds(string settings) =>
        [$"{settings} seed=103", $"{settings} seed=107", $"{settings} seed=109", $"{settings} seed=113"];
}
