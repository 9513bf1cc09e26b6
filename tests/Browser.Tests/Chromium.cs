using System.Runtime.InteropServices;
using Involute.Browser.Tests;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Involute.Browser.Tests;

/// <summary>A headless Chromium of this machine. Tests are skipped where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } path)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = path,

                // Its sandbox needs what a container may not have.
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page of its own, which remembers what went wrong in it and what it has loaded.</summary>
    internal async Task<WatchedPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(
            _browser is null, "there is no Chromium (Debian: apt-get install chromium), and INVOLUTE_CHROMIUM names none");
        var context = await _browser!.NewContextAsync(options ?? new());
        return new WatchedPage(await context.NewPageAsync());
    }

    private static string? Find() => RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
        ? Environment.GetEnvironmentVariable("INVOLUTE_CHROMIUM") is { Length: > 0 } named ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
        : Environment.GetEnvironmentVariable("INVOLUTE_CHROMIUM");
}

/// <summary>A page, with what its browser says about it.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => Add(_errors, error);
        page.Console += (_, message) =>
        {
            // Of a connection that is refused, Chromium itself says so.
            if (message.Type == "error" && !message.Text.Contains("ERR_", StringComparison.Ordinal))
            {
                Add(_errors, message.Text);
            }
        };
        page.Request += (_, request) => Add(_requests, request.Url);
    }

    public IPage Page { get; }

    /// <summary>What went wrong; a script or a style that the policy of the page forbids, too.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private static void Add(List<string> where, string text)
    {
        lock (where)
        {
            where.Add(text);
        }
    }
}
