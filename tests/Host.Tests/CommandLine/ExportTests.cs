using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Involute.Host.Tests.Repository;
using Involute.Runs.Opening;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A theta leaves a run, and other programs read what it was.</summary>
[Trait("Speed", "slow")]
public sealed partial class ExportTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    [Fact]
    public async Task The_newest_theta_is_written_with_its_origin()
    {
        var (outcome, file) = await ExportAsync("theta.json");
        Assert.Equal(
            $"theta of outer step {FinishedRun.Short} ({await finished.Runs.ThetaAsync("short")}, 4 numbers) is in {file}",
            Assert.Single(outcome.Expect(0).Output));

        var json = JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var shown = await finished.Runs.ShowAsync("short");
        Assert.Equal("short", json.GetProperty("run").GetString());
        Assert.Equal($"{FinishedRun.Short}", json.GetProperty("step").GetString());
        Assert.Equal(shown.GetProperty("thetaSha256").GetString(), json.GetProperty("theta_sha256").GetString());
        Assert.Equal(shown.GetProperty("configSha256").GetString(), json.GetProperty("settings_sha256").GetString());
        Assert.Equal(4, json.GetProperty("theta").GetArrayLength());
        Assert.Equal(
            ["learning_rate", "beta1", "beta2", "epsilon"], json.GetProperty("natural").EnumerateObject().Select(it => it.Name));
    }

    [Fact]
    public async Task Stored_steps_and_the_initial_theta_can_be_had_and_others_are_named()
    {
        var (missing, _) = await ExportAsync("missing.json", "--step", "22");
        missing.ExpectOneLine(64, "has no theta of outer step 22; allowed: 21, the nearest of 22");
        var (older, file) = await ExportAsync("older.json", "--step", "13");
        Assert.StartsWith("theta of outer step 13 ", Assert.Single(older.Expect(0).Output), StringComparison.Ordinal);
        var (initial, start) = await ExportAsync("initial.json", "--step", "0");
        initial.Expect(0);
        Assert.NotEqual(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(start, TestContext.Current.CancellationToken));
        Assert.Equal(
            0.001,
            JsonElement.Parse(await File.ReadAllTextAsync(start, TestContext.Current.CancellationToken))
                .GetProperty("natural").GetProperty("learning_rate").GetProperty("values")[0].GetDouble(),
            1e-9);
    }

    [Fact]
    public async Task Thetas_of_older_steps_are_kept_and_a_damaged_one_is_refused()
    {
        using var runs = new RunsOnDisk();
        (await runs.TrainAsync("kept", "outer-steps=21", "keep-theta-every=5")).Expect(0);
        string[] export = ["export", "kept", "--runs", runs.Path, "--step", "10", "--out", runs.File("kept", "a.json")];
        (await InvoluteProcess.RunAsync(export)).Expect(0);
        var file = await File.ReadAllBytesAsync(runs.File("kept", "thetas/10.f32"), TestContext.Current.CancellationToken);
        Assert.Contains(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)),
            await File.ReadAllTextAsync(runs.File("kept", "a.json"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);

        string[] other = [.. export[..4], "--step", "9"];
        (await InvoluteProcess.RunAsync(other)).ExpectOneLine(64, "has no theta of outer step 9; allowed: 0, 5, ", ", 10, 1");

        file[3] ^= 1;
        await File.WriteAllBytesAsync(runs.File("kept", "thetas/10.f32"), file, TestContext.Current.CancellationToken);
        (await InvoluteProcess.RunAsync(export)).ExpectOneLine(65, "not the theta that the ledger has for outer step 10");
    }

    [Fact]
    public async Task The_best_of_the_kept_thetas_is_that_with_the_lowest_loss()
    {
        var (outcome, file) = await ExportAsync("best.json", "--best", "--trials", "2");
        var lines = outcome.Expect(0).Output;
        var losses = lines.Where(line => line.StartsWith("outer step ", StringComparison.Ordinal)).Select(line => (
            Step: line["outer step ".Length..line.IndexOf(':', StringComparison.Ordinal)],
            Loss: double.Parse(
                line.Split("mean training loss ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)))
            .ToList();
        Assert.Equal(22, losses.Count);
        Assert.True(losses.Max(it => it.Loss) > losses.Min(it => it.Loss));
        Assert.Equal(
            losses.MinBy(it => it.Loss).Step,
            JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .GetProperty("step").GetString());
        var (both, _) = await ExportAsync("both.json", "--best", "--step", "3");
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("allowed: one of --step and --best", Assert.Single(both.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_as_asked_is_one_line()
    {
        var (format, _) = await ExportAsync("a.json", "--format", "pickle");
        format.ExpectOneLine(64, "--format: 'pickle' is unknown; allowed: safetensors, npz, json");
        (await InvoluteProcess.RunAsync(["export", "short", "--runs", finished.Runs.Path, "--out", finished.Runs.Path]))
            .ExpectOneLine(64, "is a folder; allowed: the name of a file");
        (await InvoluteProcess.RunAsync(
            ["export", "short", "--runs", finished.Runs.Path, "--out", finished.Runs.File("none", "a.json")]))
            .Expect(74);
        (await InvoluteProcess.RunAsync(["export", "nosuch", "--runs", finished.Runs.Path])).Expect(74);

        // Standard output of a process whose output is read is a pipe.
        (await InvoluteProcess.RunAsync(["export", "short", "--runs", finished.Runs.Path, "--out", "/dev/stdout"]))
            .ExpectOneLine(74, "cannot write /dev/stdout: it is a device, a pipe or a socket");
    }

    [Fact]
    public async Task Through_a_link_the_file_behind_it_is_written()
    {
        var (link, file) = (finished.Runs.File("short", "link.json"), finished.Runs.File("short", "behind.json"));
        await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, file);
        (await ExportAsync("link.json")).Outcome.Expect(0);
        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.StartsWith("{", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theta.npz", "load_npz")]
    [InlineData("theta.safetensors", "load_safetensors")]
    public async Task Numpy_reads_it_with_the_code_of_the_documentation(string name, string loader)
    {
        var python = Python();
        var (outcome, file) = await ExportAsync(name);
        outcome.Expect(0);

        var document = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, "docs/use-theta-elsewhere.md"), TestContext.Current.CancellationToken);
        var code = string.Concat(PythonBlock().Matches(document).Select(block => block.Groups["code"].Value));
        var check = $"""
            import hashlib, sys
            arrays, about = {loader}(sys.argv[1])
            theta = arrays["theta"]
            assert hashlib.sha256(theta.tobytes()).hexdigest() == about["theta_sha256"], about
            assert theta.dtype == numpy.float32 and theta.shape == (4,), theta
            assert arrays["log_lr"].shape == () and arrays["log_lr"] == theta[0], arrays
            assert abs(arrays["natural/learning_rate"] - numpy.exp(numpy.float64(theta[0]))) < 1e-12, arrays
            assert abs(arrays["natural/beta1"] - (1 - numpy.exp(numpy.float64(theta[1])))) < 1e-12, arrays
            print(about["run"], about["step"])
            """;
        Assert.Equal("short 21\n", await RunAsync(python, "-c", $"{code}\n{check}", file));
    }

    [Fact]
    public void A_run_gives_its_learned_optimizer_to_a_loop_of_ones_own()
    {
        var path = Path.Combine(finished.Runs.Path, "short");
        var run = RunThetas.Read(path);
        using var session = run.Optimizer([("w", [10]), ("b", [1])], horizon: 100);
        var (parameters, gradient) = (new float[11], new float[11]);
        new CounterStream(1, 0, 0, 0, RandomStream.ParameterInitialisation).FillNormal(parameters);
        var before = Loss(parameters, gradient);
        for (var step = 0; step < 1000; step++)
        {
            Loss(parameters, gradient);
            session.Update(parameters, gradient);
        }

        Assert.InRange(Loss(parameters, gradient), 0, before / 2);
    }

    private static double Loss(float[] parameters, float[] gradient)
    {
        var loss = 0.0;
        for (var i = 0; i < parameters.Length; i++)
        {
            loss += parameters[i] * parameters[i];
            gradient[i] = 2 * parameters[i];
        }

        return loss;
    }

    private async Task<(InvoluteOutcome Outcome, string File)> ExportAsync(string name, params string[] options)
    {
        var file = finished.Runs.File("short", name);
        return (await InvoluteProcess.RunAsync(
            ["export", "short", "--runs", finished.Runs.Path, "--out", file, .. options]), file);
    }

    private static string Python()
    {
        var python = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(program =>
        {
            try
            {
                using var process = Process.Start(
                    new ProcessStartInfo(program, ["-c", "import numpy"]) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        });
        Assert.SkipWhen(python is null, "there is no python3 with numpy (Debian: apt-get install python3-numpy)");
        return python!;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    [GeneratedRegex("```python\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PythonBlock();
}
