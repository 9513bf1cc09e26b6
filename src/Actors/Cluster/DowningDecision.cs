namespace Involute.Actors.Cluster;

/// <summary>A member of the cluster, as far as downing looks at it.</summary>
/// <param name="IsLearner">Whether it may lead the run.</param>
/// <param name="IsReachable">Whether it answers.</param>
internal readonly record struct MemberView(bool IsLearner, bool IsReachable);

/// <summary>What a side of a divided cluster does about the members that it does not reach.</summary>
internal enum DowningVerdict
{
    /// <summary>All answer.</summary>
    Nothing,

    /// <summary>They are declared gone as soon as the division has lasted.</summary>
    DownThem,

    /// <summary>They are declared gone only after a long time.</summary>
    DownThemLate,

    /// <summary>This side ends, so that the other can go on.</summary>
    DownOurselves,
}

/// <summary>Which side of a divided cluster goes on: a function of what one side sees.</summary>
/// <remarks>
/// None of Akka's strategies suits one learner with many workers that may vanish together: they count heads, and either
/// the learner ends with its workers or the workers end with their learner. Here a learner outlives any number of
/// workers, and workers outlive a learner that is restarted. Nothing depends on both sides deciding the same: that only
/// one learner writes a run is the business of its lock and of the ledger's epochs.
/// </remarks>
internal static class DowningDecision
{
    /// <summary>Decides for the side that sees this.</summary>
    /// <param name="members">All members, the oldest first; those of this side are reachable.</param>
    public static DowningVerdict Decide(IReadOnlyList<MemberView> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.All(member => member.IsReachable))
        {
            return DowningVerdict.Nothing;
        }

        if (!members.Any(member => member is { IsLearner: true, IsReachable: true }))
        {
            // Workers alone: their learner may only be slow, or about to be restarted where it was.
            return DowningVerdict.DownThemLate;
        }

        // A leader without a worker, when another learner may have them all: it would hold the run and not move.
        var leads = members.First(member => member.IsLearner).IsReachable;
        var hasWorkers = members.Any(member => member is { IsLearner: false, IsReachable: true });
        var othersCanGoOn = members.Any(member => member is { IsLearner: true, IsReachable: false })
            && members.Any(member => member is { IsLearner: false, IsReachable: false });
        return leads && !hasWorkers && othersCanGoOn ? DowningVerdict.DownOurselves : DowningVerdict.DownThem;
    }
}
