using Akka.Actor;

namespace Involute.Actors.Learning;

/// <summary>The learner of this process, for those that have a question: there is one while this process leads.</summary>
internal sealed class LearnerSeat
{
    private volatile IActorRef? _learner;

    /// <summary>It; null while this process does not lead.</summary>
    public IActorRef? Learner => _learner;

    /// <summary>A learner leads from now on.</summary>
    public void Take(IActorRef learner) => _learner = learner;

    /// <summary>It does no more, unless another has come since.</summary>
    public void Leave(IActorRef learner) => Interlocked.CompareExchange(ref _learner, null, learner);
}
