using Involute.Actors.Protocol;

namespace Involute.Actors.Learning;

/// <summary>Which nodes may take part: those that would compute the same.</summary>
internal static class NodeAdmission
{
    // Windows at once: more than any machine has cores.
    private const int MostSlots = 65_536;

    /// <summary>One line that says why a node may not; null if it may.</summary>
    public static string? Refusal(LearnerSettings settings, NodeProtocol.RegisterNode node)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(node);
        return VersionRefusal(node.ProtocolVersion, "it") is { } skew ? skew
            : node.RunId != settings.RunId ? $"it was started for run {node.RunId}, this is {settings.RunId}"
            : node.IdentitySha256 != settings.IdentitySha256
                ? $"its settings ({node.IdentitySha256}) differ from the learner's ({settings.IdentitySha256})"
            : node.Computation.Difference(settings.Computation) is { } difference
                ? $"it would not compute the same as the learner: {difference}"
            : node.Slots is < 1 or > MostSlots ? $"it offers {node.Slots} slots; allowed: 1 to {MostSlots}"
            : null;
    }

    /// <summary>What a worker is told that asks which run it is.</summary>
    public static IWireMessage Answer(LearnerSettings settings, NodeProtocol.AskForRun ask)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(ask);
        return VersionRefusal(ask.ProtocolVersion, ask.Program) is { } refusal
            ? new NodeProtocol.NodeRefused(settings.RunId, refusal)
            : new NodeProtocol.RunOffered(settings.RunId, settings.Run.ToHocon(), settings.IdentitySha256);
    }

    /// <summary>What a worker is told that asks whether it would be let in.</summary>
    public static IWireMessage Answer(LearnerSettings settings, NodeProtocol.AskForAdmission ask)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(ask);
        return Refusal(settings, ask.Registration) is { } refusal
            ? new NodeProtocol.NodeRefused(settings.RunId, refusal)
            : new NodeProtocol.NodeAccepted(settings.RunId);
    }

    /// <summary>One line that says why a process of this protocol may not take part; null if it may.</summary>
    public static string? VersionRefusal(int protocolVersion, string program) =>
        protocolVersion == NodeProtocol.Version
            ? null
            : $"{program} speaks protocol {protocolVersion}, the learner ({NodeProtocol.Program}) "
                + $"{NodeProtocol.Version}";
}
