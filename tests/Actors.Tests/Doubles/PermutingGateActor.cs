using Akka.Actor;
using Involute.Tasks.Randomness;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Doubles;

/// <summary>
/// Stands before the learner, holds a step's contributions back until all are there, and lets them through in a keyed
/// random order, each followed by a late copy of one that has gone before.
/// </summary>
internal sealed class PermutingGateActor : ReceiveActor
{
    private readonly List<WindowAdvanced> _held = [];
    private IActorRef _node = ActorRefs.Nobody;
    private readonly IActorRef _learner;
    private readonly int _blocks;
    private readonly long _seed;

    public PermutingGateActor(IActorRef learner, int blocks, long seed)
    {
        _learner = learner;
        _blocks = blocks;
        _seed = seed;
        Receive<WindowsAdvanced>(answers =>
        {
            _node = Sender;
            foreach (var window in answers.Windows)
            {
                Hold(window);
            }
        });
        ReceiveAny(_learner.Forward);
    }

    public static Props CreateProps(IActorRef learner, int blocks, long seed) =>
        Props.Create(() => new PermutingGateActor(learner, blocks, seed));

    private void Hold(WindowAdvanced answer)
    {
        _held.Add(answer);
        if (_held.Count < _blocks)
        {
            return;
        }

        var version = checked((uint)answer.Contribution.Version.Value);
        var numbers = new StepKey(new TrajectoryKey(_seed, 0, 0), version).Stream(RandomStream.InnerNoise);
        Shuffle(numbers);
        for (var i = 0; i < _held.Count; i++)
        {
            Tell(_held[i]);
            Tell(_held[numbers.Integer((uint)(_blocks + i), i + 1)]);
        }

        _held.Clear();
    }

    private void Tell(WindowAdvanced window) => _learner.Tell(new WindowsAdvanced(window.RunId, [window]), _node);

    private void Shuffle(CounterStream numbers)
    {
        for (var i = _held.Count - 1; i > 0; i--)
        {
            var other = numbers.Integer((uint)i, i + 1);
            (_held[i], _held[other]) = (_held[other], _held[i]);
        }
    }
}
