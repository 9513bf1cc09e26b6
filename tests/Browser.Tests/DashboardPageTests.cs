using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Involute.Host.Watching;
using Involute.Tests;
using Microsoft.Playwright;
using Xunit;

namespace Involute.Browser.Tests;

[Trait("Speed", "slow")]
public sealed class DashboardPageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly ScratchFolder _runs = new();
    private readonly int _port = FreePort();
    private ServedDashboard? _served;

    public async ValueTask InitializeAsync() => await ServeAsync();

    public async ValueTask DisposeAsync()
    {
        await _served!.DisposeAsync();
        _runs.Dispose();
    }

    [Fact]
    public async Task A_run_is_drawn_and_goes_on_being_drawn_as_its_files_grow()
    {
        var run = new WrittenRun(_runs.Path, "first").Steps(300);
        await using var watched = await OpenAsync();
        var page = watched.Page;
        await Expect(page.Locator("#title")).ToHaveTextAsync("first");
        await Expect(page.Locator("#state")).ToHaveTextAsync("interrupted");
        await Expect(page.Locator("#facts")).ToContainTextAsync("300 of 600 (50 %)");
        await Expect(page.Locator("#charts figure:visible .uplot canvas")).ToHaveCountAsync(6);
        await Expect(page.Locator("#theta figure")).ToHaveCountAsync(1);
        await Expect(page.Locator("#theta figcaption")).ToHaveTextAsync("learning rate");
        await Expect(page.Locator("#pairs tbody tr")).ToHaveCountAsync(8);
        Assert.Equal("127.0.0.1:4001|127.0.0.1:4002", await page.EvaluateAsync<string>(
            "[...document.querySelectorAll('#charts figure:nth-child(6) .legend .item > span')]"
            + ".map(e => e.textContent).join('|')"));

        run.Steps(7);
        await Expect(page.Locator("#facts")).ToContainTextAsync("307 of 600 (51 %)");

        Assert.Equal(page.Url, $"http://127.0.0.1:{_port}/#run=first");
        Assert.All(
            watched.Requests.Where(url => url != "data:,"),
            url => Assert.StartsWith($"http://127.0.0.1:{_port}/", url, StringComparison.Ordinal));
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task A_page_goes_on_by_itself_when_the_process_that_serves_it_is_back()
    {
        var run = new WrittenRun(_runs.Path, "first").Steps(10);
        await using var watched = await OpenAsync();
        await Expect(watched.Page.Locator("#facts")).ToContainTextAsync("10 of 600");
        await Expect(watched.Page.Locator("#connection")).ToHaveTextAsync("live");

        await _served!.DisposeAsync();
        await Expect(watched.Page.Locator("#banner")).ToContainTextAsync("does not answer");
        await Expect(watched.Page.Locator("#facts")).ToContainTextAsync("10 of 600");
        run.Steps(5);
        await ServeAsync();

        await Expect(watched.Page.Locator("#facts")).ToContainTextAsync("15 of 600");
        await Expect(watched.Page.Locator("#banner")).ToBeHiddenAsync();
        await Expect(watched.Page.Locator("#connection")).ToHaveTextAsync("live");
        await watched.Page.ReloadAsync();
        await Expect(watched.Page.Locator("#facts")).ToContainTextAsync("15 of 600");
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task Runs_are_compared_in_one_chart_along_three_axes()
    {
        new WrittenRun(_runs.Path, "first").Steps(200);
        new WrittenRun(_runs.Path, "second").Steps(100);
        await using var watched = await OpenAsync();
        var page = watched.Page;
        await page.Locator("button[data-run=first]").ClickAsync();
        await page.Locator("input[data-run=second]").CheckAsync();
        var legend = page.Locator("#charts figure").First.Locator(".legend .item");

        await Expect(legend).ToHaveCountAsync(2);
        await Expect(legend.Nth(1)).ToContainTextAsync("second");
        foreach (var (axis, label) in new[] { ("inner", "inner steps"), ("time", "seconds at work"), ("step", "outer step") })
        {
            await page.Locator($"input[value={axis}]").CheckAsync();
            await Expect(page.Locator("#charts figure").First).ToHaveAttributeAsync(
                "aria-label", new System.Text.RegularExpressions.Regex($"over {label};"));
        }

        Assert.EndsWith("#run=first&with=second", page.Url, StringComparison.Ordinal);
        Assert.Empty(watched.Errors);
    }

    // A task's author chooses its name, anyone who sets a value its text, and a worker what a warning says.
    [Fact]
    public async Task What_a_run_says_is_text_whatever_it_looks_like()
    {
        const string Evil = "<img src=x onerror=window.hacked=1>";
        var run = new WrittenRun(_runs.Path, "first", Evil).Steps(3);
        await File.AppendAllTextAsync(
            run.Folder.Log,
            $$"""{"time":"2026-11-28T08:00:00.000Z","level":"warning","event":"warning","run":"first","step":2,"text":"{{Evil}}"}""" + "\n",
            TestContext.Current.CancellationToken);
        await using var watched = await OpenAsync();
        await Expect(watched.Page.Locator("#kind")).ToContainTextAsync(Evil);
        await Expect(watched.Page.Locator("#events td").Last).ToHaveTextAsync(Evil);

        Assert.Null(await watched.Page.EvaluateAsync<object?>("window.hacked ?? null"));
        Assert.Equal(0, await watched.Page.Locator("img").CountAsync());
        Assert.Empty(watched.Errors);
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(320, 640)]
    public async Task On_a_phone_nothing_is_wider_than_the_screen_and_what_is_touched_is_large_enough(int width, int height)
    {
        new WrittenRun(_runs.Path, "a-name-that-is-as-long-as-the-name-of-a-run-may-be-in-this-prog").Steps(100);
        await using var watched = await OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            IsMobile = true,
            HasTouch = true,
        });
        var page = watched.Page;
        await Expect(page.Locator("#facts")).ToContainTextAsync("100 of 600");
        await page.Locator("#runs-box summary").ClickAsync();

        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);
        Assert.InRange(await page.EvaluateAsync<double>(
            "Math.min(...[...document.querySelectorAll('button, summary, #axis label')].filter(e => e.offsetParent)"
            + ".map(e => e.getBoundingClientRect().height))"),
            32, 1000);
        Assert.InRange(await page.EvaluateAsync<double>(
            "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.offsetParent && e.textContent)"
            + ".map(e => parseFloat(getComputedStyle(e).fontSize)))"),
            12, 100);
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard_in_the_order_of_the_page_with_a_focus_that_is_seen()
    {
        new WrittenRun(_runs.Path, "first").Steps(60);
        new WrittenRun(_runs.Path, "second").Steps(60);
        await using var watched = await OpenAsync();
        var page = watched.Page;
        await Expect(page.Locator("#facts")).ToContainTextAsync("60 of 600");
        var reached = new List<string>();
        var before = -1.0;
        for (var stop = 0; stop < 40; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var it = await page.EvaluateAsync<string>(
                "(e => e === document.body ? '' : [e.id || e.dataset.run || e.name || e.tagName, getComputedStyle(e).outlineStyle, "
                + "e.getBoundingClientRect().top + scrollY].join(' '))(document.activeElement)");
            if (it.Length == 0)
            {
                break;
            }

            var parts = it.Split(' ');
            reached.Add(parts[0]);
            Assert.Equal("solid", parts[1]);
            var top = double.Parse(parts[2], CultureInfo.InvariantCulture);
            Assert.True(reached.Count < 7 || top >= before - 600, $"{parts[0]} is above what comes before it");
            before = top;
        }

        Assert.Equal(["A", "SUMMARY"], reached.Take(2));
        Assert.Contains("second", reached);
        Assert.Contains("axis", reached);
        Assert.Equal(7, reached.Count(name => name == "FIGURE"));
        Assert.Contains("DIV", reached);

        var chart = page.Locator("#charts figure").First;
        await chart.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Expect(chart.Locator(".at")).ToHaveTextAsync("outer step 1:");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(chart.Locator(".at")).ToHaveTextAsync("outer step 2:");
        Assert.Empty(watched.Errors);
    }

    // WCAG 2: text by 4.5 : 1 against what is behind it, lines of a chart by 3 : 1.
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_and_curves_stand_out_from_the_paper(ColorScheme scheme)
    {
        await using var watched = await OpenAsync(new BrowserNewContextOptions { ColorScheme = scheme });
        await Expect(watched.Page.Locator("#title")).ToHaveTextAsync("No runs yet");
        var low = await watched.Page.EvaluateAsync<string[]>(
            """
            () => {
              const value = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
              const light = colour => [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16) / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
              const low = [];
              for (const paper of ["--paper", "--card"]) {
                for (const text of ["--ink", "--faint", "--accent", "--bad", "--mark-learner", "--mark-setting"])
                  if (contrast(value(text), value(paper)) < 4.5) low.push(`${text} on ${paper}`);
                for (const line of [...Array(8).keys()].map(i => `--curve-${i}`).concat("--ramp-from", "--ramp-to"))
                  if (contrast(value(line), value(paper)) < 3) low.push(`${line} on ${paper}: ${contrast(value(line), value(paper))}`);
              }
              if (contrast(value("--bad"), value("--badpaper")) < 4.5) low.push("--bad on --badpaper");
              return low;
            }
            """);
        Assert.Empty(low);
    }

    [Fact]
    public async Task Without_the_token_the_page_says_where_to_get_it()
    {
        new WrittenRun(_runs.Path, "first").Steps(3);
        await using var watched = await chromium.OpenAsync();
        await watched.Page.GotoAsync($"http://127.0.0.1:{_port}/");
        await Expect(watched.Page.Locator("#banner")).ToContainTextAsync("open the URL that the process printed");
        await Expect(watched.Page.Locator("#axis")).ToBeHiddenAsync();
        await Expect(watched.Page.Locator("#runs button")).ToHaveCountAsync(0);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync() => _served = await ServedDashboard.OpenAsync(new DashboardPlace(_port), _runs.Path, Token);

    private async Task<WatchedPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Assertions.SetDefaultExpectTimeout(20_000);
        var watched = await chromium.OpenAsync(options);
        await watched.Page.GotoAsync(_served!.Url);
        return watched;
    }
}
