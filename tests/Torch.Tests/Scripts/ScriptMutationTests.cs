using System.IO.Compression;
using Involute.Tasks.Images;
using Involute.Tests;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Scripts;

/// <summary>
/// Models whose pickle or code has other bytes, under right check sums, so that libtorch reads them: each is refused in one
/// line or computes. In a process of its own, which a crash would end.
/// </summary>
[Trait("Speed", "slow")]
public sealed class ScriptMutationTests
{
    private const string RunsIn = "INVOLUTE_TEST_SCRIPT_MUTATIONS";

    // Of these libtorch ends the process with three. The first 60 were run by hand.
    private const int First = 19;
    private const int Mutations = 8;

    [Fact]
    public async Task A_model_with_other_bytes_is_refused_in_one_line_or_computes()
    {
        TorchRequired.OrSkip();
        var (code, output) = await ChildProcess.RunAsync(typeof(Mutated), (RunsIn, $"{Mutations}"));
        Assert.True(code == 0, $"exit code {code}: {output}");
    }

    public sealed class Mutated
    {
        [Fact]
        public void Load()
        {
            var asked = Environment.GetEnvironmentVariable(RunsIn);
            Assert.SkipWhen(asked is null, "run by the test of its process");
            using var folder = new ScratchFolder();
            var refused = 0;
            var count = int.Parse(asked, System.Globalization.CultureInfo.InvariantCulture);
            for (var i = First; i < First + count; i++)
            {
                var options = ScriptFixtures.Options(folder.Path, Changed((uint)i));
                try
                {
                    _ = ScriptLosses.First(options);
                }
                catch (DataFormatException refusal)
                {
                    Assert.DoesNotContain('\n', refusal.Message);
                    refused++;
                }
            }

            Assert.InRange(refused, count / 3, count);
        }

        private static byte[] Changed(uint number)
        {
            using var bytes = new MemoryStream();
            using (var from = new ZipArchive(new MemoryStream(
                ScriptArchive.Write(ScriptFixtures.Tensors(), ScriptFixtures.Perceptron))))
            using (var to = new ZipArchive(bytes, ZipArchiveMode.Create))
            {
                var changed = number % 3 == 0 ? "model/code/__torch__.py" : "model/data.pkl";
                foreach (var entry in from.Entries)
                {
                    using var input = entry.Open();
                    using var content = new MemoryStream();
                    input.CopyTo(content);
                    using var output = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                    output.Write(entry.FullName == changed ? Mutation.Of(content.ToArray(), number) : content.ToArray());
                }
            }

            return bytes.ToArray();
        }
    }
}
