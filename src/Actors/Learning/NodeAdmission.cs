using Involute.Actors.Nodes;

namespace Involute.Actors.Learning;

/// <summary>Which nodes may take part: those that would compute the same.</summary>
public static class NodeAdmission
{
    /// <summary>One line that says why a node may not; null if it may.</summary>
    public static string? Refusal(LearnerSettings settings, NodeProtocol.RegisterNode node)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(node);
        return node.ProtocolVersion != NodeProtocol.Version
                ? $"it speaks protocol {node.ProtocolVersion}, the learner {NodeProtocol.Version}"
            : node.RunId != settings.RunId ? $"it was started for run {node.RunId}, this is {settings.RunId}"
            : node.IdentitySha256 != settings.IdentitySha256
                ? $"its settings ({node.IdentitySha256}) differ from the learner's ({settings.IdentitySha256})"
            : node.Slots < 1 ? $"it offers {node.Slots} slots"
            : null;
    }
}
