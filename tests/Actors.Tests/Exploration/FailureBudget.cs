using Involute.Estimators.Plans;

namespace Involute.Actors.Tests.Exploration;

/// <summary>How often pairs may fail without ending the run.</summary>
/// <remarks>A failure may reach the learner one step later than it happened, and counts there.</remarks>
internal sealed class FailureBudget(int limit)
{
    private readonly Dictionary<(PairBlock Block, int Learner, long Step), int> _spent = [];

    /// <summary>Counts a failure; false if it would be one too many.</summary>
    public bool Spend(PairBlock block, int learner, long step)
    {
        var now = _spent.GetValueOrDefault((block, learner, step));
        if (now + _spent.GetValueOrDefault((block, learner, step - 1)) >= limit)
        {
            return false;
        }

        _spent[(block, learner, step)] = now + 1;
        return true;
    }
}
