using Akka.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>What a member of the cluster is there for.</summary>
internal static class ClusterRole
{
    /// <summary>May lead the run: one does, the others stand by.</summary>
    public const string Learner = "learner";

    /// <summary>Computes pairs.</summary>
    public const string Worker = "worker";

    /// <summary>In <c>nodes.json</c> only: leads and computes by itself, without a cluster.</summary>
    public const string Alone = "alone";

    /// <summary>The role of a member.</summary>
    public static string Of(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.HasRole(Learner) ? Learner : Worker;
    }
}
