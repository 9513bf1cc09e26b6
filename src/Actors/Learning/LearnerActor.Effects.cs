using Akka.Actor;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <content>How each decision is carried out.</content>
public sealed partial class LearnerActor
{
    private void Perform(IReadOnlyList<LearnerEffect> effects)
    {
        foreach (var effect in effects)
        {
            Perform(effect);
        }
    }

    private void Perform(LearnerEffect effect)
    {
        switch (effect)
        {
            case LearnerEffect.PublishTheta publish:
                foreach (var node in _nodes.Values)
                {
                    _link.Tell(node, publish.Message, Self);
                }

                break;
            case LearnerEffect.SendToNode send:
                _link.Tell(_nodes[send.Node], send.Message, Self);
                break;
            case LearnerEffect.Reply reply:
                Sender.Tell(reply.Message);
                break;
            case LearnerEffect.CompleteStep step:
                _ledger.Tell(new RecordStep(StepFacts.Of(step.Result, step.Contributions)));
                _observer.StepCompleted(step.Result);
                break;
            case LearnerEffect.SaveCheckpoint save:
                _ledger.Tell(new SaveCheckpoint(save.Checkpoint));
                break;
            case LearnerEffect.ReportCheckpoint saved:
                _observer.CheckpointSaved(saved.Step);
                break;
            case LearnerEffect.Warn warn:
                _observer.Warned(warn.Message);
                break;
            case LearnerEffect.EndRun end:
                End(end.Outcome);
                break;
            default:
                throw new InvalidOperationException($"no way to perform {effect}");
        }
    }
}
