using Balancing;
using Involute.Gpu.Tests.Networks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;
using YourOwnProblem;

namespace Involute.Gpu.Tests;

/// <summary>
/// Each problem by each optimizer through the same two windows on a device and on the CPU: segments of two lengths, a trajectory that
/// begins inside a window, one arm that diverges and begins anew. Losses and the saved bytes of live lanes must be the same.
/// </summary>
/// <remarks>Windows of all kinds, forks, evaluations and moved states are in the tests of each kind of problem.</remarks>
public sealed class GridTests
{
    private const int Pairs = 3, Arms = 2, Short = 3, Long = 8;

    // Of infinite rates and weights.
    private const float Diverging = 1e30f;

    private static readonly string[] Tasks = ["odd", "softmax", "few examples", "quadratic", "fixed-dim-quadratic"];
    private static readonly string[] Steps = ["thermostat", "lorenz", "toy-2d", "cart-pole", "influence-balancing", "memoryless-linear"];

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var task in Tasks)
            {
                foreach (var optimizer in KnownOptimizers.OfDevices)
                {
                    cells.Add(task, optimizer);
                }
            }

            foreach (var step in Steps)
            {
                cells.Add(step, "none");
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Live_lanes_have_the_bits_of_the_CPU(string problem, string optimizer)
    {
        var (inner, single) = optimizer == "none" ? OfStep(Step(problem)) : OfTask(new OptimizedTask(Task(problem), KnownOptimizers.Of(optimizer)));
        var onDevice = DeviceProblems.On(CpuDevice.OrSkip(), inner, out var refusal);
        Assert.Equal("", refusal);
        using var cpu = single;
        using var device = (IWindowUnroll<float>)onDevice!.CreateUnroll(Pairs, ArmSet.Antithetic);
        var thetas = Thetas(inner);
        var steps = 0;
        WindowSegment[][] windows = [First(), Second()];
        foreach (var window in windows)
        {
            var count = Arms * window.Sum(part => part.Segment.Steps);
            var losses = SameBits.Losses(cpu, window, thetas, count);
            Assert.Equal(losses, SameBits.Losses(device, window, thetas, count));
            var lanes = Enumerable.Range(0, Pairs).SelectMany(pair => SavedLanes.Live(cpu, pair)).ToArray();
            Assert.Equal(lanes, Enumerable.Range(0, Pairs).SelectMany(pair => SavedLanes.Live(device, pair)).ToArray());
            Assert.InRange(lanes.Count(lane => lane[0] == 0), (Pairs * Arms) - 1, Pairs * Arms);

            // Heating is bounded, and a theta without a norm of its own does not diverge.
            Assert.True(problem is "thermostat" or "memoryless-linear" || losses[1..^1].Any(loss => loss.Diverged), "no lane has diverged");
            steps += count;
        }

        Assert.True(steps >= 50, $"{steps} lane-steps");
    }

    // The first pair meets the end of a trajectory, and another theta; an arm of the last one diverges.
    private static WindowSegment[] First() =>
        Laid((0, 0, 0, Short, 0, true), (1, 0, 0, Long, 0, true), (2, 0, 0, Long, 2, true), (0, 1, 0, Long, 1, true));

    // All go on, the last one frozen in part, until it begins anew.
    private static WindowSegment[] Second() =>
        Laid((0, 1, Long, Short, 0, false), (1, 0, Long, Long, 1, false), (2, 0, Long, Short, 2, false), (2, 1, 0, Short, 0, true));

    private static WindowSegment[] Laid(params (int Pair, uint Trajectory, int Age, int Steps, int Theta, bool Begins)[] parts)
    {
        var (segments, losses) = (new List<WindowSegment>(), 0);
        foreach (var (pair, trajectory, age, steps, theta, begins) in parts)
        {
            var key = new TrajectoryKey(3, pair, trajectory);
            var time = theta == 1 ? LossTime.SameBatchAfterUpdate : LossTime.BeforeUpdate;
            segments.Add(new(new Segment(pair, key, age, steps, time, losses), begins ? new Trajectory(key, 100) : null, theta));
            losses += Arms * steps;
        }

        return [.. segments];
    }

    // [theta, arm]: as a run begins, with other numbers, and with an arm that diverges.
    private static ArmThetas<float> Thetas(IInnerProblem<float> problem)
    {
        var length = problem.Layout.Length;
        var thetas = new float[3 * Arms * length];
        for (var row = 0; row < 3 * Arms; row++)
        {
            problem.InitialTheta(1, thetas.AsSpan(row * length, length));
            for (var i = 0; i < length; i++)
            {
                thetas[(row * length) + i] += 0.01f * ((row + i) % 3);
            }
        }

        thetas.AsSpan(2 * Arms * length, length).Fill(Diverging);
        return new ArmThetas<float>(thetas, Arms, length);
    }

    private static IInnerTask Task(string name) => name switch
    {
        "quadratic" => new QuadraticTask(),
        "fixed-dim-quadratic" => new FixedDimQuadraticFamily(),
        _ => NetworkCases.Task(name),
    };

    private static IPackedStep<float> Step(string name) => name switch
    {
        "thermostat" => new Thermostat(0.5f),
        "lorenz" => new Lorenz<float>(spread: 1),
        "toy-2d" => new ToyRegression2D<float>(),
        "cart-pole" => new CartPole(0.2f),
        "influence-balancing" => new InfluenceBalancing<float>(),
        _ => new MemorylessLinear<float>(7, orthonormal: true),
    };

    private static (IInnerProblem<float> Problem, IWindowUnroll<float> Single) OfTask(OptimizedTask problem) =>
        (problem, new LaneUnroll(problem, Pairs, ArmSet.Antithetic));

    private static (IInnerProblem<float> Problem, IWindowUnroll<float> Single) OfStep(IPackedStep<float> step) =>
        (new StepProblem<float>(step), new StepUnroll<float>(step, Pairs, ArmSet.Antithetic));
}
