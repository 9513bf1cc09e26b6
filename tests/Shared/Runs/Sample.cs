using System.Security.Cryptography;
using System.Text;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;

namespace Involute.Tests;

internal static class Sample
{
    public static readonly RunId Run = new("run");

    public static readonly string Identity = Hash("settings");

    public static readonly Computation Computation = new(
        "involute 1.2.3", "Involute.A 01\nInvolute.B 02", ".NET 10", "256 bits", Hash("data"), Hash("trial"));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static OuterState<float> State(long step) => new(
        new Theta<float>(new ThetaVersion(step), [step, 0.5f, -step * 0.25f, float.Epsilon]), new double[] { step, 1e-300 });

    public static StepFacts Step(long step) => new(
        step, State(step).Theta.HashText(), Hash($"contributions {step}"), 1.0 / step, Pairs: 3);

    public static Checkpoint Checkpoint(long step) => new(
        Run,
        Identity,
        State(step),
        1.0 / step,
        [
            new PairSnapshot(new PairBlock(0, 2), new byte[] { 1, 2, 3, (byte)step }),
            new PairSnapshot(new PairBlock(2, 1), new byte[] { 9 }),
        ]);

    /// <summary>Bytes that look like any; the same for the same number.</summary>
    public static byte[] Bytes(int number, int length)
    {
        var bytes = new byte[length];
        var state = (ulong)number + 1;
        for (var i = 0; i < length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(state >> 56);
        }

        return bytes;
    }

    public static LedgerState Ledger(long steps, params long[] checkpoints)
    {
        var ledger = new LedgerState();
        ledger.Apply(new EpochStarted(1, Run, Identity));
        for (var step = 1L; step <= steps; step++)
        {
            ledger.Apply(((StepVerdict.Write)ledger.Judge(Step(step))).Event);
        }

        foreach (var step in checkpoints)
        {
            ledger.Apply(new CheckpointCommitted(step, 1, Hash($"blob {step}")));
        }

        return ledger;
    }
}
