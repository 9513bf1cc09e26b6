using System.Runtime.Serialization;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Learning;
using Involute.Actors.Wire;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tests;
using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Wire;

/// <summary>
/// Ten thousand changed messages: each is refused by the serializer, or what it says is answered by learner and node
/// without an exception. An exception there would end the run.
/// </summary>
public sealed class MutatedMessageTests
{
    private const uint Changes = 600;

    public static TheoryData<string> Manifests() =>
        [.. Examples.All.Select(message => ProtocolSerializer.Write(message).Manifest).Distinct()];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_changed_message_is_refused_or_is_a_message(string manifest)
    {
        foreach (var original in Examples.All.Select(ProtocolSerializer.Write).Where(it => it.Manifest == manifest))
        {
            var read = Enumerable.Range(0, (int)Changes)
                .Count(number => Read(Mutation.Of(original.Bytes, (uint)number), manifest) is not null);
            Assert.InRange(read, 0, (int)Changes - 1);
        }
    }

    [Fact]
    public void A_learner_answers_every_changed_message_of_a_node()
    {
        var script = new Script();
        var delivered = 0;
        for (var number = 0u; number < 6000; number++)
        {
            var (manifest, bytes) = ProtocolSerializer.Write(FromNode(script, number));
            if (Read(Mutation.Of(bytes, number), manifest) is { } message)
            {
                delivered++;
                script.Do(message, script.Home((int)(number % 3)));
            }

            if (script.State.IsEnding)
            {
                script = new Script();
            }
        }

        Assert.True(delivered > 1000, $"{delivered}");
        script.AdvanceAll();
    }

    [Fact]
    public void A_node_answers_every_changed_message_of_a_learner()
    {
        var delivered = 0;
        for (var number = 0u; number < 4000; number++)
        {
            var node = new NodeState(Script.Settings.RunId);
            node.Receive(new NodeAccepted(Script.Settings.RunId));
            node.Receive(Placement());
            foreach (var original in FromLearner())
            {
                var (manifest, bytes) = ProtocolSerializer.Write(original);
                if (Read(Mutation.Of(bytes, number), manifest) is { } message)
                {
                    delivered++;
                    node.Receive(message);
                }
            }
        }

        Assert.True(delivered > 1000, $"{delivered}");
    }

    private static object? Read(byte[] bytes, string manifest)
    {
        try
        {
            return ProtocolSerializer.Read(bytes, manifest);
        }
        catch (SerializationException)
        {
            return null;
        }
    }

    private static IWireMessage FromNode(Script script, uint number)
    {
        var run = Script.Settings.RunId;
        var block = new PairBlock((int)(number % 3), 1);
        var attempt = script.Attempt(block.First);
        var version = new ThetaVersion(script.Step);
        return (number / 3 % 8) switch
        {
            0 or 1 => new WindowsAdvanced(run, [new WindowAdvanced(
                run,
                attempt,
                new PairContribution<float>(
                    block, version, new[] { 1f }, [new PairReport(block.First, 0, 4, 4, 1, 0, 0, 0)]),
                new byte[] { 1, 2 })]),
            2 => new StateSaved(run, block, attempt, version, new byte[] { 1, 2 }),
            3 => new BlockFailed(run, block, attempt, version, false, "no"),
            4 => new BlockMissing(run, block, attempt, version),
            5 => new ThetaMissing(run, version),
            6 => new ProblemSaid(run, (int)number, "\u001b[2J"),
            _ => new RegisterNode(
                run, NodeProtocol.Version, Script.Settings.IdentitySha256, Script.Settings.Computation, 2, 1),
        };
    }

    private static PlaceBlocks Placement() => new(
        Script.Settings.RunId, default, [], [new BlockState(new PairBlock(0, 1), 1, new byte[] { 1, 2 })]);

    private static IWireMessage[] FromLearner() =>
    [
        Placement(),
        new ThetaPublished(Script.Settings.RunId, new Theta<float>(default, [1f]), true),
        new SaveState(Script.Settings.RunId, new PairBlock(0, 1), new ThetaVersion(1)),
        new StepReminder(Script.Settings.RunId, default, [new PlacedBlock(new PairBlock(0, 1), 1)]),
        new ReleaseBlock(Script.Settings.RunId, new PairBlock(0, 1), 1),
    ];
}
