"""Sending a recording: dropped on the table, in the list at once, opened on the desk, and taken away again."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = [pytest.mark.browser]
DROP = """([name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
  const event = new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true});
  document.getElementById("worklist").dispatchEvent(event);
}"""
PULSE = [0.0, 0.1, 0.4, 1.0, 0.3, -0.2, 0.0]


def csv(bad_line: int | None = None) -> bytes:
    """A minute of pulses, 0.8 s apart, at 250 Hz."""
    values = [f"{PULSE[i % 200] if i % 200 < len(PULSE) else 0.0}" for i in range(15_000)]
    lines = ["II", *values]
    if bad_line:
        lines[bad_line - 1] = "oops"
    return "\n".join(lines).encode()


def drop(page: Page, name: str, content: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])
    expect(page.locator("#upload-list")).to_contain_text(name)


def test_a_dropped_recording_is_in_the_list_and_on_the_desk_until_removed(
    page_with_errors: Page, program: Program, tmp_path: Path
) -> None:
    page = page_with_errors  # the browser logs the answer to the damaged file
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    expect(page.locator("#upload-open")).to_be_visible()

    drop(page, "holter.csv", csv(bad_line=12))
    page.locator("#upload-fs").fill("250")
    page.locator("#upload-send").click()
    expect(page.locator("#upload-said")).to_have_text("holter.csv: line 12, column 1: 'oops' is no number")

    (tmp_path / "holter.csv").write_bytes(csv())
    with page.expect_file_chooser() as chooser:
        page.locator("#upload-choose").click()
    chooser.value.set_files(tmp_path / "holter.csv")
    page.locator("#upload-fs").fill("250")
    page.locator("#upload-send").click()
    expect(page.locator("#upload-dialog .mantine-Modal-content")).to_be_hidden()
    row = page.locator("#worklist .ag-row[row-id]").filter(has_text="holter")
    expect(row).to_be_visible()
    expect(row).to_contain_text("01:00")
    id = row.get_attribute("row-id")
    row.click()
    page.wait_for_url("**/review?**record=uploads*")
    expect(page.locator("#output-class")).not_to_be_empty()

    page.goto(program.address)
    remove = page.locator(".upload-remove")
    remove.click()
    asked = page.locator("dialog.ask")
    expect(asked).to_contain_text("For 7 days you can restore it here")
    asked.get_by_role("button", name="Cancel").click()
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(1)
    remove.click()
    asked.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(0)
    assert program.api(f"/recordings/{id}").status_code == 404
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(1)
    assert program.api(f"/recordings/{id}").status_code == 200

    remove.click()
    asked.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(0)
    page.get_by_role("button", name="Restore holter").click()  # days later
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(1)

    remove.click()  # other tests find the list as it was
    asked.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(f"#worklist [row-id='{id}']")).to_have_count(0)
