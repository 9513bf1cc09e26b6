using Akka.Actor;
using Akka.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>How long a division must last before something is done about it.</summary>
/// <param name="StableAfter">For a side with a learner.</param>
/// <param name="LateAfter">For workers alone.</param>
internal sealed record DowningTimes(TimeSpan StableAfter, TimeSpan LateAfter);

/// <summary>
/// Puts <see cref="DowningActor"/> in the place of Akka's split-brain resolver; named in the settings.
/// </summary>
/// <param name="system">The actor system.</param>
/// <param name="cluster">Akka passes it to a constructor of this shape only.</param>
internal sealed class DowningProvider(ActorSystem system, Akka.Cluster.Cluster cluster) : IDowningProvider
{
    /// <summary>
    /// None: a singleton that starts before its predecessor has ended is kept from the run by the run's lock.
    /// </summary>
    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    /// <inheritdoc/>
    public Props DowningActorProps
    {
        get
        {
            var settings = system.Settings.Config.GetConfig("akka.cluster.learner-downing");
            var times = new DowningTimes(settings.GetTimeSpan("stable-after"), settings.GetTimeSpan("late-after"));
            return times.StableAfter > TimeSpan.Zero && times.LateAfter > times.StableAfter
                ? Props.Create(() => new DowningActor(times))
                : throw new ArgumentException(
                    $"{cluster.SelfAddress}: akka.cluster.learner-downing.late-after must be more than stable-after, "
                        + "and stable-after more than 0");
        }
    }
}
