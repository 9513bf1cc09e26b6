using Involute.Actors.Learning;
using Involute.Runs.Ledger;

namespace Involute.Actors.Tests.Exploration;

/// <content>How each decision is checked and carried out.</content>
internal sealed partial class SimulatedLearner
{
    private void Perform(IReadOnlyList<LearnerEffect> effects, Ref? sender = null)
    {
        foreach (var effect in effects)
        {
            _promises!.Check(effect, _nodes);
            Perform(effect, sender);
        }

        _promises!.CheckRest(State!.Phase, _nodes.Count > 0);
    }

    private void Perform(LearnerEffect effect, Ref? sender)
    {
        switch (effect)
        {
            case LearnerEffect.PublishTheta publish:
                foreach (var node in _nodes.Values)
                {
                    _network.Send(Self, node, publish.Message);
                }

                break;
            case LearnerEffect.SendToNode send:
                _network.Send(Self, _nodes[send.Node], send.Message);
                break;
            case LearnerEffect.Reply reply:
                _network.Send(Self, sender!, reply.Message);
                break;
            case LearnerEffect.CompleteStep step:
                _trace.Note("learner completes step", step.Result.Version);
                _store.Give(StepFacts.Of(step.Result, step.Contributions));
                break;
            case LearnerEffect.SaveCheckpoint save:
                _store.Give(save.Checkpoint);
                break;
            case LearnerEffect.Warn warn:
                _trace.Note("learner warns:", warn.Message);
                break;
            case LearnerEffect.EndRun end:
                _trace.Note("learner ends:", end.Outcome.Status, end.Outcome.Message);
                Outcome = end.Outcome;
                break;
            default:
                break;
        }
    }
}
