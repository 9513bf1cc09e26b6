namespace Involute.Actors.Cluster;

/// <summary>What a member of the cluster is there for.</summary>
internal static class ClusterRole
{
    /// <summary>May lead the run: one does, the others stand by.</summary>
    public const string Learner = "learner";

    /// <summary>Computes pairs.</summary>
    public const string Worker = "worker";
}
