using Involute.Reproduction.Results;

namespace Involute.Reproduction.Experiments;

/// <content>The configurations with known numbers (all follow from the closed form), and the picture.</content>
internal sealed partial class SmoothedQuadraticExperiment
{
    private const string Second = "h=1,0.3,0.05 horizon=20 theta=0.5";
    private const string Resets = "normalisation=window-mean resets=40 pairs=20000";

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. All.Where((_, i) => i % 3 == 0).Select(c => c.At(c.Settings.Contains("resets") ? "pairs=4000" : "pairs=100000"))]
        : All;

    private static Case[] All { get; } =
    [
        // One trajectory, h = 1, horizon 10.
        OneTrajectory("", -3.505074713, -2.67817328),
        OneTrajectory("estimator=pes window=2", -2.982052561, -2.67817328),
        OneTrajectory("estimator=pes window=1", -2.78359375, -2.67817328),
        OneTrajectory("estimator=nres", -4.032257243, -2.67817328),
        OneTrajectory("estimator=full", -4.032257243, -2.67817328),
        OneTrajectory("estimator=gpes stretch=2 window=5", -2.982052561, -2.67817328),
        OneTrajectory("estimator=tes window=1", -1.371453832, -2.67817328),
        OneTrajectory("estimator=tes window=2", -1.877695179, -2.67817328),
        OneTrajectory("estimator=tes window=5", -2.989651251, -2.67817328),

        // Three curvatures, horizon 20.
        OneTrajectory($"{Second} estimator=pes window=1", -2.181031465, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=4", -2.312022916, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=5", -2.334907112, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=10", -2.393689456, -2.150570333),
        OneTrajectory($"{Second} estimator=full", -2.430059864, -2.150570333),
        OneTrajectory($"{Second} estimator=nres window=5", -2.430059864, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=1", -0.973363555, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=5", -1.765750429, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=10", -2.133576682, -2.150570333),

        // Across resets; windows end inside trajectories.
        Case.WithMean($"{Resets} window=4", -0.3234336851),
        Case.WithMean($"{Resets} window=4 offset=random", -0.3205546526),
        Case.WithMean($"{Resets} window=5", -0.3505074718),
        Case.WithMean($"{Resets} window=5 offset=random", -0.3303787255),
        Case.WithMean($"{Resets} horizon=7 window=3", -0.4223077351),
        Case.WithMean($"{Resets} horizon=2:0.5,3:0.3,7:0.2 window=4", -0.5818668154),
        Case.WithMean($"{Resets} horizon=2:0.5,3:0.3,7:0.2 window=4 normalisation=trajectory-mean", -0.6424906416),
        Case.WithMean($"{Resets} estimator=gpes stretch=3 window=4", -0.31714),
        Case.WithMean($"{Resets} estimator=gpes stretch=3 window=16", -0.31714),
        Case.WithMean($"{Resets} estimator=gpes stretch=5 window=4", -0.35051),
        Case.WithMean($"{Resets} estimator=nres window=4", -0.40323),
    ];

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new DistancesFigure(
        "smoothed-quadratic",
        "Gradient estimates of smoothed quadratics against closed forms",
        [.. cases.SelectMany(c => c.Outcome.Quantities)]);

    private static Case OneTrajectory(string settings, double mean, double trueGradient) => new(
        settings,
        ("true-gradient", _ => Expectation.Within(trueGradient, 1e-8)),
        ("mean", quantity => Expectation.Mean(mean, quantity.StandardError ?? 0)));
}
