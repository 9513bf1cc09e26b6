using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Tasks;

namespace Involute.Host.Planning;

/// <summary>What a problem's theta and states are.</summary>
/// <param name="Name">Name of the problem.</param>
/// <param name="Theta">Names and shapes.</param>
/// <param name="StateBytesPerPair">What a pair's lanes take when they are saved.</param>
/// <param name="Arithmetic">What computes, in the problem's own words; empty where Involute does.</param>
internal sealed record ProblemShape(string Name, IReadOnlyList<TensorSlice> Theta, int StateBytesPerPair, string Arithmetic)
{
    private const int MostTensors = 8;

    /// <summary>Of a plan's problem.</summary>
    public static ProblemShape Of(TrainingPlan<float> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var unroll = plan.Problem.CreateUnroll(1, plan.Estimator.Needs.Arms);
        return new ProblemShape(plan.Problem.Name, plan.Problem.Layout.Slices, unroll.StateBytesPerPair, plan.Problem.Arithmetic);
    }

    /// <summary>For a person.</summary>
    public IEnumerable<string> Lines()
    {
        var shown = string.Join(", ", Theta.Take(MostTensors).Select(slice => $"{slice.Name} [{string.Join(", ", slice.Shape)}]"));
        var more = Theta.Count > MostTensors ? $", and {Theta.Count - MostTensors} more" : "";
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{Name}: theta has {Theta[^1].Offset + Theta[^1].Length} numbers: {shown}{more}");
        yield return string.Create(CultureInfo.InvariantCulture, $"the state of a pair takes {StateBytesPerPair} bytes");
        if (Arithmetic.Length > 0)
        {
            yield return $"computed by {Arithmetic}";
        }
    }
}
