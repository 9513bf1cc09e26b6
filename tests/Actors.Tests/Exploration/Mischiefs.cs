using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>A block is placed as if it had run the windows that it must replay.</summary>
internal sealed class ForgottenReplay : Mischief
{
    public override IWireMessage OnWire(IWireMessage message) => message is PlaceBlocks place
        ? place with { Version = new ThetaVersion(place.Version.Value + place.Thetas.Count), Thetas = [] }
        : message;
}

/// <summary>A block is moved with the state that it was first placed with.</summary>
internal sealed class OldCut : Mischief
{
    private readonly Dictionary<PairBlock, ReadOnlyMemory<byte>> _first = [];

    public override IWireMessage OnWire(IWireMessage message)
    {
        if (message is not PlaceBlocks place)
        {
            return message;
        }

        foreach (var block in place.Blocks)
        {
            _first.TryAdd(block.Block, block.State);
        }

        return place with { Blocks = [.. place.Blocks.Select(block => block with { State = _first[block.Block] })] };
    }
}

/// <summary>
/// The second copy of an answer counts for another block, which may not have answered yet: forged so well that only the
/// numbers are wrong.
/// </summary>
internal sealed class CopyCounts : Mischief
{
    private readonly Dictionary<PairBlock, int> _attempts = [];

    public override IWireMessage OnWire(IWireMessage message)
    {
        foreach (var block in message is PlaceBlocks place ? place.Blocks : [])
        {
            _attempts[block.Block] = block.Attempt;
        }

        return message;
    }

    public override IWireMessage OnCopy(IWireMessage message) => Windows.Change(message, OfAnother);

    private WindowAdvanced OfAnother(WindowAdvanced answer)
    {
        var block = answer.Contribution.Block;
        var other = _attempts.Keys.FirstOrDefault(it => it != block && it.Count == block.Count, block);
        var part = answer.Contribution;
        return answer with
        {
            Attempt = _attempts[other],
            Contribution = part with
            {
                Block = other,
                Reports = [.. part.Reports.Select((report, pair) => report with { Pair = other.First + pair })],
            },
            State = Forgery.OfBlock(answer.State, other),
        };
    }
}

/// <summary>The second copy of an answer counts for the next theta as well.</summary>
internal sealed class CopyCountsTwice : Mischief
{
    public override IWireMessage OnCopy(IWireMessage message) => Windows.Change(
        message, answer =>
            answer with { Contribution = answer.Contribution with { Version = answer.Contribution.Version.Next } });
}

/// <summary>
/// Answers carry the state that their block had before the window, which says that it is the one after it.
/// </summary>
internal sealed class StateOfYesterday : Mischief
{
    private readonly Dictionary<PairBlock, ReadOnlyMemory<byte>> _last = [];

    public override IWireMessage OnWire(IWireMessage message) => Windows.Change(message, WithStateBefore);

    private WindowAdvanced WithStateBefore(WindowAdvanced answer)
    {
        if (answer.State.IsEmpty)
        {
            return answer;
        }

        var block = answer.Contribution.Block;
        var before = _last.GetValueOrDefault(block, answer.State);
        _last[block] = answer.State;
        return answer with { State = Forgery.AfterWindows(before, block, answer.Contribution.Version.Next) };
    }
}

/// <summary>Pairs answer under an attempt that the learner has not made.</summary>
internal sealed class AnotherAttempt : Mischief
{
    public override IWireMessage OnWire(IWireMessage message) =>
        Windows.Change(message, answer => answer with { Attempt = answer.Attempt + 1 });
}

/// <summary>One kind of message is never sent.</summary>
internal sealed class Silence<T> : Mischief
    where T : IWireMessage
{
    public override IWireMessage? OnWire(IWireMessage message) => message is T ? null : message;
}

/// <summary>Changes the answers that a message brings.</summary>
internal static class Windows
{
    public static IWireMessage Change(IWireMessage message, Func<WindowAdvanced, WindowAdvanced> change) =>
        message is WindowsAdvanced answers ? answers with { Windows = [.. answers.Windows.Select(change)] } : message;
}
