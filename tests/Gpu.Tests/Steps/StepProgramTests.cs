using Involute.Gpu.Steps;
using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Tests.Tangents;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Gpu.Tests.Steps;

/// <summary>Programs of steps against the steps themselves, bit for bit, without a device.</summary>
public sealed class StepProgramTests
{
    [Fact]
    public void Random_steps_have_the_bits_of_plain_numbers()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            Check(new RandomStep(seed, 1 + (seed % 4), seed % 7, 1 + (seed % 90)), seed);
        }
    }

    [Fact]
    public void Problems_have_the_bits_of_plain_numbers()
    {
        IPackedStep<float>[] steps =
        [
            new AllOperations<float>(), new Lorenz<float>(spread: 1), new ToyRegression2D<float>(),
            new InfluenceBalancing<float>(), new InfluenceBalancing<float>(5, 2, vector: true),
            new SmoothedQuadratic<float>([1, 3], [1, -2], 0.1, logarithmic: true),
        ];
        for (var seed = 0; seed < 3 * steps.Length; seed++)
        {
            Check(steps[seed % steps.Length], seed);
        }
    }

    [Fact]
    public void What_depends_on_theta_alone_runs_once_a_segment()
    {
        var program = StepCompiler.Compile(StepGraph.Of(new Lorenz<float>()));

        // Two thetas, two exponentials.
        Assert.Equal(4, program.SegmentInstructions);
        Assert.DoesNotContain((uint)Operation.Exp, Body(program));
    }

    [Fact]
    public void The_same_operation_on_the_same_numbers_is_done_once_and_what_nothing_needs_not_at_all()
    {
        var program = StepCompiler.Compile(StepGraph.Of(new OneStep((keys, state) =>
        {
            var unused = Traced.Exp(state[1] * state[0]) + keys.Normal(RandomStream.InnerNoise, 3);
            var twice = Traced.Sin(state[0]) + Traced.Sin(state[0]);
            return unused == twice ? unused : twice;
        })));
        Assert.Equal([(uint)Operation.Sin, (uint)Operation.Add, (uint)Operation.Loss], Body(program));
    }

    [Fact]
    public void New_numbers_take_the_places_of_old_ones()
    {
        var program = StepCompiler.Compile(StepGraph.Of(new InfluenceBalancing<float>(40, 10)));
        Assert.DoesNotContain((uint)Operation.Move, Body(program));

        // State, theta, and the numbers of one element.
        Assert.InRange(program.Slots, 41, 44);
    }

    [Fact]
    public void Elements_that_change_places_are_moved_around_a_ring()
    {
        var program = StepCompiler.Compile(StepGraph.Of(new OneStep((_, state) =>
        {
            (state[0], state[1], state[2]) = (state[1], state[2], state[0]);
            (state[3], state[4]) = (state[4], state[3]);
            return state[0];
        })));
        var lane = new ProgramInterpreter(program);
        new float[] { 0, 1, 2, 3, 4, 5 }.CopyTo(lane.State);
        Assert.Equal(1, lane.Step(default, []));
        Assert.Equal([1, 2, 0, 4, 3, 5], lane.State.ToArray());
    }

    [Fact]
    public void A_step_that_is_another_one_in_each_call_is_refused()
    {
        var calls = 0;
        var step = new OneStep((_, state) => state[0] + Traced.Constant(calls++));
        Assert.Contains("not the same", Assert.Throws<TraceException>(() => StepGraph.Of(step)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_looks_at_a_key_is_refused()
    {
        var step = new OneStep((keys, state) =>
        {
            var age = 0f;
            keys.Of(key => age = key.InnerStep);
            return state[0] + Traced.Constant(age);
        });
        Assert.Throws<TraceException>(() => StepGraph.Of(step));
    }

    [Fact]
    public void A_table_need_not_know_the_keys_that_a_step_is_written_down_with()
    {
        float[] table = [7];
        var graph = StepGraph.Of(new OneStep((keys, state) => state[0] + keys.Of(key => table[key.InnerStep])));
        Assert.Equal(1, graph.Tables);
    }

    [Fact]
    public void A_step_with_a_number_for_each_lane_is_refused()
    {
        var step = new OneStep((_, _) => Traced.OfLanes([1, 2]));
        Assert.Contains("LaneKeys.Of", Assert.Throws<TraceException>(() => StepGraph.Of(step)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_without_end_is_refused()
    {
        var step = new OneStep((_, state) =>
        {
            while (true)
            {
                state[0] += state[1];
            }
        });
        Assert.Contains("65536", Assert.Throws<TraceException>(() => StepGraph.Of(step)).Message, StringComparison.Ordinal);
    }

    private static uint[] Body(StepProgram program) =>
    [
        .. Enumerable.Range(program.SegmentInstructions, program.Instructions - program.SegmentInstructions)
            .Select(i => program.Code[i * StepProgram.Words] & 0xFFFF),
    ];

    private static void Check(IPackedStep<float> step, int seed)
    {
        IStepFunction<float> plain = step;
        var graph = StepGraph.Of(step);
        var program = StepCompiler.Compile(graph);
        var tables = new TableKeys(step, graph.Tables);
        var lane = new ProgramInterpreter(program);
        var (theta, state) = (new float[step.Layout.Length], new float[step.StateLength]);
        step.InitialTheta(0, theta);
        for (var segment = 0; segment < 3; segment++)
        {
            var trajectory = new TrajectoryKey(seed, segment, 7);
            theta[segment % theta.Length] += 0.1f;
            plain.Initialise(theta, new Trajectory(trajectory, 10), state);
            state.CopyTo(lane.State);
            lane.BeginSegment(theta);
            for (var s = 0; s < 4; s++)
            {
                var expected = plain.Step(theta, trajectory.At(s), state);
                var actual = lane.Step(trajectory.At(s), tables.At(trajectory.At(s)));
                Assert.Equal(SameBits.Bits([expected]), SameBits.Bits([actual]));
                Assert.Equal(SameBits.Bits(state), SameBits.Bits(lane.State));
            }
        }
    }

    /// <summary>A step that exists to be written down.</summary>
    private sealed class OneStep(OneStep.Body body) : IPackedStep<float>
    {
        public delegate Traced Body(LaneKeys<Traced, float> keys, Span<Traced> state);

        public string Name => "one-step";

        public ThetaLayout Layout { get; } = new(("theta", []));

        public int StateLength => 6;

        public void InitialTheta(long seed, Span<float> theta) => theta.Clear();

        public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
            where TNumber : struct, IStepNumber<TNumber, float> => state.Clear();

        public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
            where TNumber : struct, ILaneNumber<TNumber, float>
        {
            var traced = new Traced[state.Length];
            for (var i = 0; i < traced.Length; i++)
            {
                traced[i] = (Traced)(object)state[i];
            }

            var loss = body(System.Runtime.CompilerServices.Unsafe.As<LaneKeys<TNumber, float>, LaneKeys<Traced, float>>(ref keys), traced);
            for (var i = 0; i < traced.Length; i++)
            {
                state[i] = (TNumber)(object)traced[i];
            }

            return (TNumber)(object)loss;
        }
    }
}
