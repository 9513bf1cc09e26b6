using System.Net;
using System.Net.Sockets;
using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Microsoft.Playwright;
using Xunit;

namespace Involute.Browser.Tests;

/// <summary>A page of a run that is trained, killed and resumed, as an operator watches it.</summary>
[Trait("Speed", "slow")]
public sealed class DashboardRunTests(Chromium chromium) : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _home = new();

    public void Dispose()
    {
        _runs.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_run_is_steered_from_the_page_which_goes_on_when_the_run_is_killed_and_resumed()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        var port = FreePort();
        string[] serving = ["--dashboard", $"{port}"];
        using var learner = Start([.. _runs.Training("first", $"outer-steps={RunsOnDisk.Endless}"), .. serving]);
        var url = (await learner.LineAsync("dashboard: "))["dashboard: ".Length..];
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(url);
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        await Expect(page.Locator("#pairs tbody tr")).ToHaveCountAsync(4);

        await GiveAsync(page, "Pause", "Pause the run?");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Pause: done");
        await Expect(page.Locator("#state")).ToHaveTextAsync("paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change a setting…" }).ClickAsync();
        await page.GetByLabel("New value").FillAsync("0.0125");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#answer")).ToContainTextAsync("learning-rate 0.0125: done");
        await GiveAsync(page, "Resume", "Let the run go on?");
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        await GiveAsync(page, "Checkpoint", "Write a checkpoint?");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Checkpoint: done");
        await Expect(page.Locator("#events")).ToContainTextAsync("learning-rate: ");

        // The page is that of the run, and another process serves the folder as well.
        using var other = Start(["dashboard", _runs.Path, "--port", "0"]);
        await using var aside = await chromium.OpenAsync();
        await aside.Page.GotoAsync((await other.LineAsync("dashboard: "))["dashboard: ".Length..]);
        await Expect(aside.Page.Locator("#state")).ToHaveTextAsync("running");
        await learner.KillAsync();
        await Expect(page.Locator("#banner")).ToContainTextAsync("does not answer");
        await Expect(aside.Page.Locator("#state")).ToHaveTextAsync("crashed");

        using var resumed = Start([.. _runs.Resuming("first"), .. serving]);
        await Expect(page.Locator("#banner")).ToBeHiddenAsync();
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        await Expect(aside.Page.Locator("#state")).ToHaveTextAsync("running");
        await Expect(aside.Page.Locator("#events")).ToContainTextAsync("goes on from");
        await GiveAsync(page, "Stop", "Stop the learner?");
        (await resumed.EndAsync()).Expect(143);
        await Expect(aside.Page.Locator("#state")).ToHaveTextAsync("interrupted");

        var record = await File.ReadAllLinesAsync(_runs.File("first", "console.log"), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["learner pause", "learner set", "learner resume", "learner checkpoint", "learner stop"],
            record.Where(line => line.Contains("(dashboard)", StringComparison.Ordinal)).Select(Command));
        Assert.Empty(watched.Errors);
        Assert.Empty(aside.Errors);
    }

    private static string Command(string line) => string.Join(' ', line.Split(' ').Skip(1).Take(2)).TrimEnd(':');

    private static async Task GiveAsync(IPage page, string button, string question)
    {
        await page.Locator("#controls").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Expect(page.Locator("#dialog-title")).ToHaveTextAsync(question);
        await page.Locator("#dialog-yes").ClickAsync();
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The token of the user who runs the tests stays what it is.
    private InvoluteProcess Start(IReadOnlyList<string> arguments) =>
        InvoluteProcess.StartIn($"XDG_DATA_HOME='{_home.Path}' exec \"$@\"", arguments);
}
