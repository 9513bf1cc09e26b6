using static Involute.Actors.Nodes.NodeProtocol;
using static Involute.Actors.Pairs.PairProtocol;

namespace Involute.Actors.Wire;

/// <summary>All messages that may cross a wire. Fields are written in the order of the record.</summary>
internal static class MessageFormats
{
    public static IReadOnlyList<MessageFormat> All { get; } =
    [
        MessageFormat.Of<RegisterNode>(
            "register-node",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Int32(message.ProtocolVersion);
                to.Text(message.IdentitySha256);
                to.Text(message.ProblemSha256);
                to.Int32(message.Slots);
                to.Int32(message.ProcessId);
            },
            from => new RegisterNode(
                from.RunId(), from.Int32(), from.Text(), from.Text(), from.Int32(), from.Int32())),
        MessageFormat.Of<NodeAccepted>(
            "node-accepted",
            (to, message) => to.Write(message.RunId),
            from => new NodeAccepted(from.RunId())),
        MessageFormat.Of<NodeRefused>(
            "node-refused",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Reason);
            },
            from => new NodeRefused(from.RunId(), from.Text())),
        MessageFormat.Of<PlaceBlocks>(
            "place-blocks",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
                to.List(message.Thetas, ValueFormats.Write);
                to.List(message.Blocks, ValueFormats.Write);
            },
            from => new PlaceBlocks(
                from.RunId(),
                from.Version(),
                from.List(ValueFormats.LeastThetaBytes, ValueFormats.Theta),
                from.List(ValueFormats.LeastBlockStateBytes, ValueFormats.BlockState))),
        MessageFormat.Of<ThetaPublished>(
            "theta-published",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Theta);
                to.Flag(message.AttachState);
            },
            from => new ThetaPublished(from.RunId(), from.Theta(), from.Flag())),
        MessageFormat.Of<SaveState>(
            "save-state",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Write(message.Version);
            },
            from => new SaveState(from.RunId(), from.Block(), from.Version())),
        MessageFormat.Of<ReleaseBlock>(
            "release-block",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
            },
            from => new ReleaseBlock(from.RunId(), from.Block(), from.Int32())),
        MessageFormat.Of<StepReminder>(
            "step-reminder",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
                to.List(message.Awaited, ValueFormats.Write);
            },
            from => new StepReminder(
                from.RunId(), from.Version(), from.List(ValueFormats.PlacedBlockBytes, ValueFormats.PlacedBlock))),
        MessageFormat.Of<ThetaMissing>(
            "theta-missing",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
            },
            from => new ThetaMissing(from.RunId(), from.Version())),
        MessageFormat.Of<BlockMissing>(
            "block-missing",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
            },
            from => new BlockMissing(from.RunId(), from.Block(), from.Int32(), from.Version())),
        MessageFormat.Of<RunEnded>(
            "run-ended",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Reason);
            },
            from => new RunEnded(from.RunId(), from.Text())),
        MessageFormat.Of<AskForRun>(
            "ask-for-run",
            (to, message) =>
            {
                to.Text(message.Program);
                to.Int32(message.ProtocolVersion);
            },
            from => new AskForRun(from.Text(), from.Int32())),
        MessageFormat.Of<RunOffered>(
            "run-offered",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Configuration);
                to.Text(message.IdentitySha256);
                to.Text(message.ProblemSha256);
            },
            from => new RunOffered(from.RunId(), from.Text(), from.Text(), from.Text())),
        MessageFormat.Of<MessageChunk>(
            "chunk",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Int64(message.Message);
                to.Int32(message.Index);
                to.Int32(message.Count);
                to.Text(message.Manifest);
                to.Bytes(message.Bytes.Span);
            },
            from => new MessageChunk(
                from.RunId(), from.Int64(), from.Int32(), from.Int32(), from.Text(), from.Bytes())),
        MessageFormat.Of<BlockFailed>(
            "block-failed",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
                to.Flag(message.Fatal);
                to.Text(message.Error);
            },
            from => new BlockFailed(
                from.RunId(), from.Block(), from.Int32(), from.Version(), from.Flag(), from.Text())),
        MessageFormat.Of<BlockLost>(
            "block-lost",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
            },
            from => new BlockLost(from.RunId(), from.Block(), from.Int32(), from.Version())),
        MessageFormat.Of<WindowsAdvanced>(
            "windows-advanced",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.List(message.Windows, ValueFormats.Write);
            },
            from =>
            {
                var run = from.RunId();
                return new WindowsAdvanced(
                    run, from.List(ValueFormats.LeastWindowBytes, reader => reader.WindowAdvanced(run)));
            }),
        MessageFormat.Of<StateSaved>(
            "state-saved",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
                to.Bytes(message.State.Span);
            },
            from => new StateSaved(from.RunId(), from.Block(), from.Int32(), from.Version(), from.Bytes())),
    ];
}
