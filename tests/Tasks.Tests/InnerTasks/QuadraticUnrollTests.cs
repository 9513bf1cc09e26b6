using System.Security.Cryptography;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

/// <summary>Packed lanes against lanes that step one by one: losses and saved bytes, bit for bit.</summary>
public sealed class QuadraticUnrollTests
{
    private const int Windows = 12;
    private static readonly StepLoss Untouched = new(-12345.678, true);

    public static TheoryData<string, int, int, ArmSet> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, ArmSet>();
            foreach (var optimizer in new[] { "adam", "sgd", "sgdm", "nesterov", "rmsprop" })
            {
                shapes.Add(optimizer, 10, 5, ArmSet.Antithetic);
                shapes.Add(optimizer, 16, 1, ArmSet.Antithetic);
                shapes.Add(optimizer, 1, 11, ArmSet.CentreOnly);
                shapes.Add(optimizer, 33, 3, ArmSet.AntitheticAndCentre);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Packed_lanes_have_the_bits_of_single_lanes(string optimizer, int dimension, int pairs, ArmSet arms)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            IInnerTask task = seed % 2 == 0 ? new FixedDimQuadraticFamily(dimension) : new QuadraticTask(dimension);
            Compare(new OptimizedTask(task, Optimizer(optimizer)), pairs, arms, seed);
        }
    }

    // A change here breaks the resuming of runs.
    [Theory]
    [InlineData("adam", "3d6fd4e862be5d16")]
    [InlineData("rmsprop", "8d9a9fa015bcc55f")]
    public void Bits_of_packed_windows_are_those_of_former_versions(string optimizer, string hash)
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), Optimizer(optimizer));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Compare(problem, 6, ArmSet.Antithetic, 1)))[..16]);
    }

    [Fact]
    public void Lanes_are_one_by_one_where_packing_gains_nothing()
    {
        using var large = new OptimizedTask(new QuadraticTask(100_000), new LearnableAdam())
            .CreateUnroll(1, ArmSet.Antithetic);
        using var learned = new OptimizedTask(new QuadraticTask(), new MlpOptimizer())
            .CreateUnroll(1, ArmSet.Antithetic);
        Assert.IsType<LaneUnroll>(large);
        Assert.IsType<LaneUnroll>(learned);
    }

    // Both unrolls through the same random windows. Returns the bytes of all pairs.
    private static byte[] Compare(OptimizedTask problem, int pairs, ArmSet arms, int seed)
    {
        using var packed = problem.CreateUnroll(pairs, arms);
        using var single = new LaneUnroll(problem, pairs, arms);
        Assert.IsNotType<LaneUnroll>(packed);
        var random = new RandomWindows(problem, pairs, arms.Count(), seed);
        for (var window = 0; window < Windows; window++)
        {
            var segments = random.Next();
            var thetas = new ArmThetas<float>(random.Thetas, arms.Count(), problem.Layout.Length);
            Assert.Equal(
                Losses((IWindowUnroll<float>)single, segments, thetas, random.Losses),
                Losses((IWindowUnroll<float>)packed, segments, thetas, random.Losses));
            switch (window % 4)
            {
                case 0 when arms == ArmSet.AntitheticAndCentre:
                    single.ForkFromCentre(window % pairs);
                    packed.ForkFromCentre(window % pairs);
                    break;
                case 1:
                    Load(single, packed, window % pairs);
                    break;
                case 2:
                    CompareEvaluation(single, packed, window % pairs, thetas);
                    break;
                case 3:
                    var trajectory = random.Begin(window % pairs);
                    single.Reset(window % pairs, trajectory, thetas);
                    packed.Reset(window % pairs, trajectory, thetas);
                    break;
                default:
                    break;
            }
        }

        var bytes = Bytes(packed);
        Assert.Equal(Bytes(single), bytes);
        return bytes;
    }

    private static StepLoss[] Losses(
        IWindowUnroll<float> unroll, WindowSegment[] segments, ArmThetas<float> thetas, int count)
    {
        // What no segment has must stay as it is.
        var losses = new StepLoss[count + 2];
        Array.Fill(losses, Untouched);
        unroll.Advance(segments, thetas, losses.AsSpan(1, count));
        Assert.Equal(Untouched, losses[0]);
        Assert.Equal(Untouched, losses[^1]);
        return losses;
    }

    private static void Load(IUnroll<float> single, IUnroll<float> packed, int pair)
    {
        var bytes = new byte[single.StateBytesPerPair];
        packed.Save(pair, bytes);
        single.Load(single.Pairs - 1, bytes);
        packed.Load(single.Pairs - 1, bytes);
    }

    private static void CompareEvaluation(IUnroll<float> single, IUnroll<float> packed, int pair, ArmThetas<float> thetas)
    {
        var (expected, actual) = (new StepLoss[3], new StepLoss[3]);
        var key = new EvaluationKey(new TrajectoryKey(3, pair, 1), DataSplit.Train, 0, 2);
        single.Evaluate(pair, thetas, key, expected);
        packed.Evaluate(pair, thetas, key, actual);
        Assert.Equal(expected, actual);
    }

    private static byte[] Bytes(IUnroll<float> unroll)
    {
        var bytes = new byte[unroll.Pairs * unroll.StateBytesPerPair];
        for (var pair = 0; pair < unroll.Pairs; pair++)
        {
            unroll.Save(pair, bytes.AsSpan(pair * unroll.StateBytesPerPair));
        }

        return bytes;
    }

    private static ILearnedOptimizer Optimizer(string name) => name switch
    {
        "adam" => new LearnableAdam(0.1),
        "sgd" => new LearnableSgd(),
        "sgdm" => new LearnableSgdm(),
        "nesterov" => new LearnableNesterov(),
        _ => new LearnableRmsProp(0.05),
    };

    /// <summary>Windows as schedules make them, and some that they do not make: thetas that diverge, pairs that rest.</summary>
    private sealed class RandomWindows(OptimizedTask problem, int pairs, int arms, int seed)
    {
        private readonly (uint Trajectory, int Age)[] _places = new (uint, int)[pairs];
        private readonly float[] _initial = Initial(problem);
        private CounterStream _numbers = new(seed, 0, 0, 0, RandomStream.InnerNoise);
        private uint _drawn;

        public float[] Thetas { get; private set; } = [];

        public int Losses { get; private set; }

        public Trajectory Begin(int pair)
        {
            _places[pair] = (_places[pair].Trajectory + 1, 0);
            return new Trajectory(Key(pair), 1000);
        }

        public WindowSegment[] Next()
        {
            var rounds = 1 + _numbers.Integer(_drawn++, 3);
            var segments = new List<WindowSegment>();
            Losses = 0;
            for (var round = 0; round < rounds; round++)
            {
                for (var pair = 0; pair < pairs; pair++)
                {
                    if (_numbers.Integer(_drawn++, 6) > 0)
                    {
                        segments.Add(Segment(pair, (round * pairs) + pair));
                    }
                }
            }

            Thetas = new float[rounds * pairs * arms * _initial.Length];
            for (var i = 0; i < Thetas.Length; i++)
            {
                var spread = _numbers.Integer(_drawn++, 40) == 0 ? 60 : 0.3;
                Thetas[i] = (float)(_initial[i % _initial.Length] + (spread * _numbers.Normal(_drawn++)));
            }

            return [.. segments];
        }

        private WindowSegment Segment(int pair, int row)
        {
            Trajectory? begins = _places[pair].Trajectory == 0 || _numbers.Integer(_drawn++, 3) == 0 ? Begin(pair) : null;
            var steps = 1 + _numbers.Integer(_drawn++, _numbers.Integer(_drawn++, 4) == 0 ? 150 : 20);
            var time = _numbers.Integer(_drawn++, 4) switch
            {
                0 => LossTime.SameBatchAfterUpdate,
                1 => LossTime.OnSplitAfterUpdate(DataSplit.OuterValid),
                _ => LossTime.BeforeUpdate,
            };
            var segment = new Segment(pair, Key(pair), _places[pair].Age, steps, time, Losses);
            _places[pair].Age += steps;

            // A gap behind each segment.
            Losses += (steps * arms) + 1;
            return new WindowSegment(segment, begins, row);
        }

        private TrajectoryKey Key(int pair) => new(seed, pair, _places[pair].Trajectory);

        private static float[] Initial(OptimizedTask problem)
        {
            var theta = new float[problem.Layout.Length];
            problem.InitialTheta(0, theta);
            return theta;
        }
    }
}
