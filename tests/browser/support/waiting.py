"""Facts about a page to wait for: that it stands still, and what it showed, however shortly."""

from playwright.sync_api import Page

FRAMES = 30  # without a change: the page stands still
NOTICED = "window.noticed_"


def at_rest(page: Page) -> None:
    """The page stands still: nothing is loading, nothing moves, and no part of it has changed for a while."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """() => {
            const state = (window.resting_ = {calm: 0}); // frames without a change
            new MutationObserver(() => { state.calm = 0; })
                .observe(document.body, {subtree: true, childList: true, attributes: true});
        }"""
    )
    page.wait_for_function(
        """frames => {
            const moves = document.getAnimations().some((one) =>
                one.playState === "running" && one.effect.getComputedTiming().iterations !== Infinity);
            const loads = document.fonts.status !== "loaded" || document.querySelector(".dash-graph--pending");
            window.resting_.calm = moves || loads ? 0 : window.resting_.calm + 1;
            return window.resting_.calm > frames;
        }""",
        arg=FRAMES,
    )


def notice(page: Page, place: str) -> None:
    """Keep every text that a place of the page shows from now on, however shortly."""
    page.evaluate(
        f"""(place) => {{
            const texts = ({NOTICED} = []), whole = document.querySelector(place);
            const look = () => texts.push(whole.innerText);
            new MutationObserver(look).observe(whole, {{subtree: true, childList: true, characterData: true}});
            look();
        }}""",
        place,
    )


def noticed(page: Page, pattern: str) -> None:
    """A text that was kept fits the pattern, by now or soon."""
    page.wait_for_function(f"(pattern) => {NOTICED}.some((text) => new RegExp(pattern).test(text))", arg=pattern)
