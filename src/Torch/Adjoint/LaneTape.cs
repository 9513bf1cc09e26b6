using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Torch.Adjoint;

/// <summary>
/// The steps that the unperturbed lane of a pair has gone in one trajectory since the last window's end.
/// </summary>
/// <param name="states">The states before them.</param>
internal sealed class LaneTape(StateTape states)
{
    private readonly List<double> _slopes = [];

    /// <summary>The trajectory.</summary>
    public TrajectoryKey Key { get; private set; }

    /// <summary>Steps that it had behind it before.</summary>
    public int FirstStep { get; private set; }

    /// <summary>The states before each step.</summary>
    public StateTape States => states;

    /// <summary>Forgets all, and begins with a step of a trajectory.</summary>
    public void Begin(TrajectoryKey key, int firstStep)
    {
        states.Clear();
        _slopes.Clear();
        (Key, FirstStep) = (key, firstStep);
    }

    /// <summary>
    /// Adds how the normalised loss of the step changes with the raw one. The step's state was added before; that of a
    /// step that ended in a divergence is taken back: its loss is a constant.
    /// </summary>
    public void Add(IInnerProblem<float> problem, StepLoss loss)
    {
        if (loss.Diverged)
        {
            states.DropLast();
        }
        else
        {
            _slopes.Add(NormaliserSlope.Of(problem, loss.Loss));
        }
    }

    /// <summary>Adds the weights of losses to those of the steps.</summary>
    /// <param name="term">Of this trajectory.</param>
    /// <param name="weights">Of each step from the first one.</param>
    public void AddWeights(LossTerm term, double[] weights)
    {
        for (var step = term.FirstCounted; step < term.Segment.Steps; step++)
        {
            var index = term.Segment.FirstStep + step - FirstStep;
            if (index < _slopes.Count)
            {
                weights[index] += term.Weight * _slopes[index];
            }
        }
    }

    /// <summary>Weights of no losses.</summary>
    public double[] NoWeights() => new double[_slopes.Count];
}
