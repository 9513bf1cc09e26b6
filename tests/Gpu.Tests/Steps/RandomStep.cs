using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Tests.Steps;

/// <summary>A step of random operations on random numbers; which, the seed decides.</summary>
/// <param name="seed">Which step.</param>
/// <param name="thetas">Elements of theta.</param>
/// <param name="states">Elements of the state.</param>
/// <param name="operations">How many operations there are.</param>
internal sealed class RandomStep(int seed, int thetas, int states, int operations) : IPackedStep<float>
{
    public string Name => "random-step";

    public ThetaLayout Layout { get; } = new(("theta", [thetas]));

    public int StateLength => states;

    public void InitialTheta(long seed, Span<float> theta) => theta.Fill(0.3f);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        for (var i = 0; i < states; i++)
        {
            state[i] = TNumber.Constant((float)trajectory.Key.Stream(RandomStream.TaskSample).Normal((uint)i)) + theta[i % thetas];
        }
    }

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var numbers = new CounterStream(seed, 0, 0, 0, RandomStream.InnerNoise);
        var drawn = 0u;
        var known = new List<TNumber> { default, theta[0] };
        for (var i = 0; i < operations; i++)
        {
            known.Add(Next(theta, keys, state, known, ref drawn, numbers));

            // Elements change before the step's end too, and change places.
            if (states > 0 && numbers.Integer(drawn++, 4) == 0)
            {
                state[numbers.Integer(drawn++, states)] = known[numbers.Integer(drawn++, known.Count)];
            }

            if (states > 1 && numbers.Integer(drawn++, 8) == 0)
            {
                var (one, other) = (numbers.Integer(drawn++, states), numbers.Integer(drawn++, states));
                (state[one], state[other]) = (state[other], state[one]);
            }
        }

        return known[numbers.Integer(drawn++, known.Count)];
    }

    private static TNumber Next<TNumber>(
        ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state, List<TNumber> known, ref uint drawn,
        CounterStream numbers)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        // Recent numbers more often, so that expressions are deep.
        var count = Math.Min(known.Count, numbers.Integer(drawn++, 2) == 0 ? 6 : known.Count);
        var a = known[^(1 + numbers.Integer(drawn++, count))];
        var b = known[^(1 + numbers.Integer(drawn++, count))];
        var c = known[^(1 + numbers.Integer(drawn++, count))];
        var constant = (float)numbers.Normal(drawn++);
        var index = numbers.Integer(drawn++, 1000);
        var table = 0;
        switch (numbers.Integer(drawn++, 24))
        {
            case 0: return theta[index % theta.Length];
            case 1 when state.Length > 0: return state[index % state.Length];
            case 2: return keys.InnerStep;
            case 3: return keys.Normal(RandomStream.InnerNoise, (uint)index % 5);
            case 4: return keys.Uniform(RandomStream.TaskSample, (uint)index % 5);
            case 5:
                // What the function has captured changes behind the call.
                table = index;
                var number = keys.Of(key => key.InnerStep + table + key.Trajectory.Pair);
                table = -1;
                return number;
            case 6: return a - b;
            case 7: return a * b;
            case 8: return a / b;
            case 9: return -a;
            case 10: return TNumber.Exp(a);
            case 11: return TNumber.Log(a);
            case 12: return TNumber.Sqrt(a);
            case 13: return TNumber.Abs(a);
            case 14: return TNumber.Sin(a);
            case 15: return TNumber.Cos(a);
            case 16: return TNumber.Tanh(a);
            case 17: return TNumber.IfLess(a, b, c, known[^1]);
            case 18: return TNumber.Clamp(a, -1, constant);
            case 19: return a + constant;
            case 20: return a * constant;
            case 21: return TNumber.Constant(constant) - a;
            case 22: return a + a;
            default: return a + b;
        }
    }
}
