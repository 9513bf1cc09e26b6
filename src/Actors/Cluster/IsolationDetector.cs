namespace Involute.Actors.Cluster;

/// <summary>
/// Tells a standby that a network cut has separated from its run from one that is right to wait: its turn has come in
/// the cluster that it sees, no member of it has claimed the run, and yet the run goes on.
/// </summary>
/// <remarks>
/// Waiting is right beside a learner that is frozen (the run stands still, and may be taken when that process ends) and
/// beside one that is a member.
/// </remarks>
internal sealed class IsolationDetector
{
    // One step could be the last of a learner that is just ending.
    private const int Limit = 2;

    private long? _before;
    private int _advances;

    /// <summary>Looks once more; true if this process should leave its cluster.</summary>
    /// <param name="isClaimantHere">Whether the claimant of the run may be a member of this process's cluster.</param>
    /// <param name="progress">How far the run has come; null if that cannot be seen now.</param>
    public bool Look(bool isClaimantHere, long? progress)
    {
        if (isClaimantHere)
        {
            _before = null;
            _advances = 0;
            return false;
        }

        if (progress > _before)
        {
            _advances++;
        }

        _before = progress ?? _before;
        return _advances >= Limit;
    }
}
