using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;

namespace Involute.Host.Tests.Reporting.Clock;

/// <summary>Outer steps with the course that they took.</summary>
internal static class Steps
{
    /// <summary>A step of pairs with a loss each, of which each ends a trajectory or not.</summary>
    public static OuterStepResult<float> Of(long version, float theta, double[] losses, int resets = 0) => new(
        new OuterState<float>(new Theta<float>(new ThetaVersion(version), [theta]), default),
        losses.Average(),
        GradientNorm: 0.5,
        InnerSteps: 100,
        [.. losses.Select((loss, pair) => new PairReport(pair, 0, 50, 50, loss, pair < resets ? 1 : 0, 0, 0))]);

    /// <summary>How it came about: pairs of two nodes, of which the second takes three times as long.</summary>
    public static StepCourse Course(long version, int pairs = 4, double seconds = 0.1) => new(
        [
            .. Enumerable.Range(0, pairs).Select(pair => new PairContribution<float>(
                new PairBlock(pair, 1), new ThetaVersion(version - 1), new[] { 1f + pair }, [])),
        ],
        [
            .. Enumerable.Range(0, pairs).Select(pair => new BlockWindow(
                Node(pair < pairs / 2 ? 1 : 2), TimeSpan.FromSeconds(pair < pairs / 2 ? seconds : 3 * seconds))),
        ],
        new Dictionary<string, int> { [Node(1)] = 2, [Node(2)] = 1 },
        Discarded: 3,
        Restarts: 1);

    /// <summary>The path of a node.</summary>
    public static string Node(int number) => $"akka.tcp://involute@127.0.0.1:400{number}/user/node";
}
